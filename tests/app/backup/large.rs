//! A store is never in memory as a whole.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use super::killed::is_empty;
use super::{command, directions};

/// Pieces of attached files, of 1 MiB each, and the memory that backing them up and restoring them may take.
const PIECES: u64 = 160;
const MOST_KIB: u64 = 96 * 1024;

/// The most resident memory that a process has had, in KiB; 0 for one that has ended.
fn peak_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map_or(0, |line| line.split_whitespace().nth(1).unwrap().parse().unwrap())
}

#[test]
fn a_large_store_is_backed_up_and_restored_in_little_memory_and_not_by_half() {
    for (world, target) in directions() {
        let (numbers, bytes) = if world.database.text().starts_with("sqlite") {
            (
                format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PIECES})"),
                "randomblob(1048576) FROM n",
            )
        } else {
            (
                format!("WITH n AS (SELECT generate_series(1, {PIECES}) AS i)"),
                "decode(repeat(md5(i::text), 65536), 'hex') FROM n",
            )
        };
        world.execute(
            "INSERT INTO attachment_contents (sha256, size, media_type, has_macros, has_preview) \
             VALUES ('large', 1, 'text/plain', false, false)",
        );
        world.execute(&format!(
            "INSERT INTO attachment_pieces (sha256, number, bytes) {numbers} SELECT 'large', i, {bytes}"
        ));
        let mut backup = command(&world.database, &["backup", "-"]).spawn().unwrap();
        let (id, mut out) = (backup.id(), backup.stdout.take().unwrap());
        let file = target.folder.path().join("large.backup");
        let (mut written, mut peak) = (std::fs::File::create(&file).unwrap(), 0);
        let mut chunk = vec![0; 1 << 20];
        loop {
            let read = out.read(&mut chunk).unwrap();
            if read == 0 {
                break;
            }
            written.write_all(&chunk[..read]).unwrap();
            peak = peak.max(peak_kib(id));
        }
        assert!(backup.wait().unwrap().success());
        assert!(peak > 0 && peak < MOST_KIB, "backing up took {peak} KiB");

        let whole = std::fs::read(&file).unwrap();
        let mut killed = command(&target, &["restore", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        // What a pipe holds is little: nearly all of this was read, and stored in the transaction.
        let mut stdin = killed.stdin.take().unwrap();
        stdin.write_all(&whole[..whole.len() / 2]).unwrap();
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert!(is_empty(&target), "nothing of it is there");

        let mut restore = command(&target, &["restore", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        let (id, mut stdin) = (restore.id(), restore.stdin.take().unwrap());
        let mut peak = 0;
        for part in whole.chunks(1 << 16) {
            stdin.write_all(part).unwrap();
            peak = peak.max(peak_kib(id));
        }
        drop(stdin);
        assert!(restore.wait().unwrap().success());
        assert!(peak > 0 && peak < MOST_KIB, "restoring took {peak} KiB");
    }
}
