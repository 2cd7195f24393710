//! What must hold when the machine fails: the process killed, the power cut, the disk full or slow, the file
//! replaced or damaged, the clock wrong. The server is the real binary in a process of its own. A library that is
//! compiled here and loaded into it (`disk.c`) makes its disk and clock fail.

mod clock;
mod disk;
mod file;
mod fuzz;
mod killed;
mod load;
mod postgres;
mod power;
mod race;
mod served;
mod soak;
