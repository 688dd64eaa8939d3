//! What the child that reads a file may not do: open files, reach the network, start programs or threads, signal others.
//! It gives up these rights itself before it reads a byte, and cannot take them back.
//!
//! The calls that it may make are listed (seccomp): reading and writing pipes, memory, the end. Without that list no file is
//! read. Landlock denies files and the network a second time, where the kernel has it.

use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use serde::{Deserialize, Serialize};

/// What a computation between two pipes needs. Nothing here opens, connects, starts or signals.
const ALLOWED: [i64; 23] = [
    libc::SYS_read,
    // Within the one file that it was given, when that is a zip.
    libc::SYS_lseek,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_mprotect,
    libc::SYS_futex,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigaction,
    libc::SYS_sigaltstack,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_ppoll,
    libc::SYS_fstat,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// How far the rights were given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fence {
    /// The calls are limited, and the kernel denies files and the network a second time.
    Twice,
    /// The calls are limited; this kernel has no Landlock, or an old one.
    Once,
}

/// # Errors
/// When this system cannot limit the calls of a process. No file may then be read.
pub(super) fn give_up_rights(before_calls: impl FnOnce() -> io::Result<()>) -> io::Result<Fence> {
    // Landlock needs a file descriptor, which `before_calls` forbids: it comes first.
    let fence = deny_files();
    before_calls()?;
    limit_calls()?;
    Ok(fence)
}

fn deny_files() -> Fence {
    let denied = || {
        // No rule follows: nothing may be opened, connected to, or signalled.
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .restrict_self()
    };
    match denied() {
        Ok(status) if status.ruleset != RulesetStatus::NotEnforced => Fence::Twice,
        _ => Fence::Once,
    }
}

/// A call that is not in the list fails with EPERM: a parser that makes one ends with its own error.
fn limit_calls() -> io::Result<()> {
    let rules = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let refusal = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let refused =
        |error: String| io::Error::other(format!("the calls of the child cannot be limited ({error})"));
    let target = std::env::consts::ARCH.try_into().map_err(|error| refused(format!("{error}")))?;
    let filter = SeccompFilter::new(rules, refusal, SeccompAction::Allow, target);
    let program: BpfProgram =
        filter.and_then(TryInto::try_into).map_err(|error| refused(error.to_string()))?;
    seccompiler::apply_filter(&program).map_err(|error| refused(error.to_string()))
}
