//! The child that reads files gives up its rights: each attempt of a hostile file is made here, behind the fence, and fails.
//!
//! A test starts its own program again, which raises the fence in its thread, tries one thing and says what came of it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use vigie::documents::{Fence, child};

const ATTEMPT: &str = "ATTEMPT_BEHIND_THE_FENCE";

/// What a hostile file might have the child do, by name.
fn attempt(name: &str, parent: u32) -> std::io::Result<()> {
    match name {
        "open" => std::fs::File::open("/etc/passwd").map(drop),
        "create" => std::fs::File::create("/tmp/vigie-fence").map(drop),
        "list" => std::fs::read_dir("/").map(drop),
        "stat" => std::fs::metadata("/etc/passwd").map(drop),
        "chdir" => std::env::set_current_dir("."),
        "delete" => std::fs::remove_file("/tmp/vigie-fence-target"),
        "parent" => std::fs::read(format!("/proc/{parent}/environ")).map(drop),
        "connect" => TcpStream::connect("127.0.0.1:5432").map(drop),
        "listen" => TcpListener::bind("127.0.0.1:0").map(drop),
        "udp" => UdpSocket::bind("127.0.0.1:0").map(drop),
        "pair" => UnixStream::pair().map(drop),
        "exec" => Command::new("/bin/true").status().map(drop),
        "thread" => std::thread::Builder::new().spawn(|| {}).map(drop),
        "signal" => {
            let parent = i32::try_from(parent).ok().and_then(rustix::process::Pid::from_raw).unwrap();
            Ok(rustix::process::test_kill_process(parent)?)
        }
        // What reading a file needs.
        "compute" => {
            let mut bytes = vec![1_u8; 64 << 20];
            bytes[1] = u8::try_from(std::time::Instant::now().elapsed().as_millis() % 7).unwrap_or(0);
            std::hint::black_box(&bytes);
            Ok(())
        }
        "panic" => {
            std::panic::set_hook(Box::new(|_| {}));
            std::panic::catch_unwind(|| panic!("on purpose")).unwrap_err();
            Ok(())
        }
        other => panic!("{other}"),
    }
}

/// The other side of [`behind`]: nothing without its variable.
#[test]
fn one_attempt() {
    let Ok(name) = std::env::var(ATTEMPT) else { return };
    let parent = std::os::unix::process::parent_id();
    let fence = child::fence().unwrap();
    let said = match attempt(&name, parent) {
        Ok(()) => format!("[{fence:?} done]"),
        Err(error) => format!("[{fence:?} {:?}]", error.raw_os_error()),
    };
    let _ = std::io::stdout().lock().write_all(said.as_bytes());
    let _ = std::io::stdout().flush();
    // The other threads of the test's program are not behind the fence, and would go on.
    std::process::exit(0);
}

fn behind(name: &str) -> String {
    let mut program = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "fence::one_attempt", "--nocapture"])
        .env_clear()
        .env(ATTEMPT, name)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = String::new();
    program.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    program.wait().unwrap();
    let said = said.split_once('[').unwrap_or_else(|| panic!("{name}: {said}")).1;
    said.split(']').next().unwrap().to_owned()
}

#[test]
fn nothing_that_a_hostile_file_wants_is_allowed() {
    for name in [
        "open", "create", "list", "stat", "chdir", "delete", "parent", "connect", "listen", "udp", "pair",
        "exec", "thread", "signal",
    ] {
        let said = behind(name);
        // EPERM of the list of calls; EACCES of Landlock where the call itself is allowed.
        assert!(said.ends_with("Some(1)") || said.ends_with("Some(13)"), "{name}: {said}");
    }
    for name in ["compute", "panic"] {
        assert!(behind(name).ends_with("done"), "{name}: reading a file needs it");
    }
}

/// The same attempts without the fence: an attempt that fails anyhow would show nothing.
#[test]
fn each_attempt_would_succeed_without_the_fence() {
    std::fs::write("/tmp/vigie-fence-target", "x").unwrap();
    for name in [
        "open", "create", "list", "stat", "chdir", "delete", "parent", "listen", "udp", "pair", "exec",
        "thread",
    ] {
        attempt(name, std::os::unix::process::parent_id()).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let _ = std::fs::remove_file("/tmp/vigie-fence");
}

#[tokio::test]
async fn the_real_child_says_how_far_it_went() {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_vigie"));
    let fence = child::try_out(program).await.unwrap();
    let landlock =
        std::fs::read_to_string("/sys/kernel/security/lsm").is_ok_and(|list| list.contains("landlock"));
    assert!(fence == Fence::Twice || !landlock, "this kernel has Landlock: {fence:?}");
}

/// As `main` begins: files for this account alone, and an environment that no other process reads.
#[test]
fn the_program_closes_its_files_and_its_memory() {
    use rustix::process::{DumpableBehavior, dumpable_behavior};
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::Dumpable);
    vigie::private::from_now_on();
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    let folder = tempfile::tempdir().unwrap();
    let (file, below) = (folder.path().join("file"), folder.path().join("a/b"));
    std::fs::write(&file, "x").unwrap();
    std::fs::create_dir_all(&below).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(&below)), (0o600, 0o700));
}
