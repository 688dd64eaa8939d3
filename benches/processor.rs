//! Processor time, user and system, as the kernel counts it: in hundredths of a second.

/// Seconds of all threads of this process, those that ended included.
pub fn processor() -> f64 {
    spent(11)
}

/// Seconds of the children that ended, with theirs.
pub fn of_children() -> f64 {
    spent(13)
}

/// Two fields of `/proc/self/stat` from this one on, counted after the name.
fn spent(field: usize) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(')').unwrap().1;
    let ticks: f64 =
        fields.split_whitespace().skip(field).take(2).map(|text| text.parse::<f64>().unwrap()).sum();
    ticks / 100.0
}
