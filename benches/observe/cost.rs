//! What a process spent, from the kernel's own accounts.

use std::time::Instant;

use crate::processor::processor;

/// Seconds, requests, and the most memory that was held at once.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub wall: f64,
    pub cpu: f64,
    pub requests: u64,
    pub memory_kb: u64,
}

/// A measure under way.
pub struct Began {
    at: Instant,
    cpu: f64,
}

impl Began {
    pub fn now() -> Began {
        Began { at: Instant::now(), cpu: processor() }
    }

    /// Ends the measure of `times` repetitions and hands it to the process that asked for it.
    pub fn tell(self, times: u32, requests: u64) {
        let wall = self.at.elapsed().as_secs_f64() / f64::from(times);
        let cpu = (processor() - self.cpu) / f64::from(times);
        println!("{wall} {cpu} {} {}", requests / u64::from(times), peak());
    }
}

impl Cost {
    pub fn parse(said: &str) -> Cost {
        let words: Vec<&str> = said.split_whitespace().collect();
        let [wall, cpu, requests, memory] = words.as_slice() else { panic!("not a measure: {said}") };
        let number = |text: &str| text.parse::<f64>().unwrap();
        let whole = |text: &str| text.parse::<u64>().unwrap();
        Cost { wall: number(wall), cpu: number(cpu), requests: whole(requests), memory_kb: whole(memory) }
    }

    pub fn memory_mb(&self) -> u64 {
        self.memory_kb.div_ceil(1024)
    }

    pub fn print(&self, what: &str) {
        let (wall, cpu) = (self.wall * 1000.0, self.cpu * 1000.0);
        let (requests, memory) = (self.requests, self.memory_mb());
        println!(
            "{what} : {requests} requête(s), {wall:.1} ms, {cpu:.1} ms de processeur, {memory} Mo au plus"
        );
    }
}

/// Kilobytes, without the pages of the program's own file: this one holds every measure, and is larger than what ships.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let kilobytes = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    kilobytes("VmHWM:").saturating_sub(kilobytes("RssFile:"))
}
