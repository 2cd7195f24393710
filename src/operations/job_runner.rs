//! Which jobs run now: of each person one after another, on a thread, so that there are never more threads than
//! people with jobs. Those that wait are stored, and continued by the next server if this one stops.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::operations::job_worker;

/// Runs the jobs that people begin.
#[derive(Debug, Clone, Default)]
pub struct JobRunner(Arc<Mutex<Waiting>>);

impl JobRunner {
    /// Writes for a person, and runs the job that the write began. A client that leaves meanwhile stops neither.
    pub async fn write_and_run<T: Send + 'static>(
        &self,
        db: &Db,
        person: i64,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
        job: fn(&T) -> Option<i64>,
    ) -> Result<T> {
        let (db, runner) = (db.clone(), self.clone());
        // A task of its own, since the handler of a request ends with its connection.
        let task = tokio::spawn(async move {
            let written = db.write(work).await?;
            if let Some(id) = job(&written) {
                runner.begin(&db, person, id);
            }
            Ok(written)
        });
        task.await.unwrap_or_else(|error| Err(Error::Internal(error.to_string())))
    }

    fn begin(&self, db: &Db, person: i64, job: i64) {
        if !self.waiting().add(person, job) {
            return;
        }
        let (db, runner) = (db.clone(), self.clone());
        std::thread::spawn(move || {
            let mut next = Some(job);
            while let Some(job) = next {
                // The hook has logged a panic; the person's other jobs go on.
                let _ = catch_unwind(AssertUnwindSafe(|| job_worker::run(&db, job)));
                next = runner.waiting().next(person);
            }
        });
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The jobs that wait, oldest first, of each person who has one that runs.
#[derive(Debug, Default)]
struct Waiting(HashMap<i64, VecDeque<i64>>);

impl Waiting {
    /// Adds a job that waits; true if it can run at once.
    fn add(&mut self, person: i64, job: i64) -> bool {
        if let Some(jobs) = self.0.get_mut(&person) {
            jobs.push_back(job);
            return false;
        }
        self.0.insert(person, VecDeque::new());
        true
    }

    /// The person's job has ended; returns the one that runs next.
    fn next(&mut self, person: i64) -> Option<i64> {
        let next = self.0.get_mut(&person)?.pop_front();
        if next.is_none() {
            self.0.remove(&person);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jobs_of_a_person_run_one_after_another_and_those_of_others_meanwhile() {
        let (dana, omar) = (1, 2);
        let mut waiting = Waiting::default();
        assert!(waiting.add(dana, 10), "the first runs at once");
        assert!(!waiting.add(dana, 11));
        assert!(!waiting.add(dana, 12));
        assert!(waiting.add(omar, 20));
        assert_eq!([waiting.next(dana), waiting.next(omar), waiting.next(dana)], [Some(11), None, Some(12)]);
        assert_eq!(waiting.next(dana), None);
        assert!(waiting.add(dana, 13), "nothing runs any more");
        assert_eq!(waiting.0.len(), 1, "nothing is kept of a person without jobs");
    }
}
