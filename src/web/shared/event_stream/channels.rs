//! Every open stream, by what it follows: who is to be read for, how batches reach them, and how many
//! streams may be open.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{broadcast, oneshot, watch};
use tokio::task::AbortHandle;

use crate::web::shared::event_stream::batch::{Batch, Follower};
use crate::web::shared::event_stream::subject::Key;

/// Streams that one person may have open. A tab has one only while it is visible, so nobody reaches this by
/// working.
const PER_PERSON: usize = 32;
/// Batches that wait for a slow follower; one that falls further behind reads the table itself.
const BACKLOG: usize = 16;

/// All open streams. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    /// Streams that may be open in all.
    most: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    /// The number of the next follower: a lower one has followed for longer.
    next: u64,
    channels: HashMap<Key, Channel>,
}

/// The people who follow a subject, by their ids.
pub type Viewers = BTreeMap<i64, ViewerState>;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewerState {
    pub name: String,
    /// Has typed something that is not saved yet.
    pub is_editing: bool,
}

/// All who follow one subject. Its task reads for them; when it ends, so do their streams.
struct Channel {
    batches: broadcast::WeakSender<Arc<Batch>>,
    task: AbortHandle,
    followers: BTreeMap<u64, Member>,
    /// Those who are editing.
    editing: BTreeSet<i64>,
    viewers: watch::Sender<Viewers>,
}

impl Channel {
    /// Tells its followers who follows it now, where that has changed.
    fn tell_viewers(&mut self) {
        let followers = self.followers.values().map(|member| &member.follower);
        let state = |follower: &Arc<Follower>| ViewerState {
            name: follower.name.clone(),
            is_editing: self.editing.contains(&follower.user),
        };
        let now: Viewers = followers.map(|follower| (follower.user, state(follower))).collect();
        // Who has gone edits no more, also if they come back.
        self.editing.retain(|user| now.contains_key(user));
        self.viewers.send_if_modified(|known| {
            let changed = *known != now;
            *known = now;
            changed
        });
    }
}

struct Member {
    follower: Arc<Follower>,
    /// Dropped when another stream takes the place of this one.
    _stays: oneshot::Sender<()>,
}

/// A follower's place among the open streams, until it is dropped.
pub struct Place {
    channels: Channels,
    key: Key,
    number: u64,
    batches: broadcast::Receiver<Arc<Batch>>,
    viewers: watch::Receiver<Viewers>,
    taken: oneshot::Receiver<()>,
}

/// What a follower waits for.
pub enum News {
    Batch(Arc<Batch>),
    /// Who follows the subject has changed.
    Viewers(Viewers),
    /// It did not keep up, and misses a batch.
    Behind,
    /// A newer stream of the same person has its place.
    Displaced,
    /// The task of the channel has ended.
    Ended,
}

/// As many streams are open as may be.
#[derive(Debug)]
pub struct Full;

impl Channels {
    /// With the number of streams that may be open in all.
    pub fn new(most: usize) -> Self {
        Self { most, open: Arc::default() }
    }

    /// How many streams are open.
    pub fn count(&self) -> usize {
        self.open().channels.values().map(|channel| channel.followers.len()).sum()
    }

    /// Adds a follower. `start` starts the task of a channel that does not exist yet; the batches that it sends
    /// reach every follower of the channel.
    ///
    /// A person who has too many streams loses the oldest one, since the newest is the one they look at,
    /// and the oldest most likely belongs to a browser that has gone. Nobody loses one to another person.
    pub fn join(
        &self,
        key: Key,
        follower: Arc<Follower>,
        start: impl FnOnce(broadcast::Sender<Arc<Batch>>) -> AbortHandle,
    ) -> Result<Place, Full> {
        let mut open = self.open();
        let (of_person, in_all) = open.count(follower.user);
        if of_person >= PER_PERSON || (in_all >= self.most && of_person > 0) {
            open.remove_oldest(follower.user);
        } else if in_all >= self.most {
            return Err(Full);
        }
        let number = open.next;
        open.next += 1;
        let (stays, taken) = oneshot::channel();
        let member = Member { follower, _stays: stays };
        let existing = open.channels.get_mut(&key).and_then(|channel| Some((channel.batches.upgrade()?, channel)));
        let (batches, mut viewers) = if let Some((sender, channel)) = existing {
            channel.followers.insert(number, member);
            channel.tell_viewers();
            (sender.subscribe(), channel.viewers.subscribe())
        } else {
            let (sender, receiver) = broadcast::channel(BACKLOG);
            let (batches, (viewers, known)) = (sender.downgrade(), watch::channel(Viewers::new()));
            let followers = BTreeMap::from([(number, member)]);
            let mut channel = Channel { batches, task: start(sender), followers, editing: BTreeSet::new(), viewers };
            channel.tell_viewers();
            open.channels.insert(key, channel);
            (receiver, known)
        };
        // Whoever joins is told who is there.
        viewers.mark_changed();
        Ok(Place { channels: self.clone(), key, number, batches, viewers, taken })
    }

    /// Notes whether one who follows a subject is editing it.
    pub fn set_editing(&self, key: Key, user: i64, is_editing: bool) {
        let mut open = self.open();
        let Some(channel) = open.channels.get_mut(&key) else { return };
        if is_editing {
            channel.editing.insert(user);
        } else {
            channel.editing.remove(&user);
        }
        channel.tell_viewers();
    }

    /// Who follows a subject now.
    pub fn followers(&self, key: Key) -> Vec<Arc<Follower>> {
        let open = self.open();
        let channel = open.channels.get(&key);
        channel
            .iter()
            .flat_map(|channel| channel.followers.values())
            .map(|member| Arc::clone(&member.follower))
            .collect()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// How many streams a person has open, and how many everybody has.
    fn count(&self, user: i64) -> (usize, usize) {
        let all = self.channels.values().flat_map(|channel| channel.followers.values());
        all.fold((0, 0), |(mine, all), member| (mine + usize::from(member.follower.user == user), all + 1))
    }

    fn remove_oldest(&mut self, user: i64) {
        let all = self.channels.iter().flat_map(|(key, channel)| channel.followers.iter().map(move |one| (*key, one)));
        let mine = all.filter(|(_, (_, member))| member.follower.user == user);
        if let Some((number, key)) = mine.map(|(key, (number, _))| (*number, key)).min() {
            self.remove(key, number);
        }
    }

    /// Removes a follower, and with the last one the channel.
    fn remove(&mut self, key: Key, number: u64) {
        let Some(channel) = self.channels.get_mut(&key) else { return };
        if channel.followers.remove(&number).is_none() {
            return;
        }
        if channel.followers.is_empty() {
            channel.task.abort();
            self.channels.remove(&key);
        } else {
            channel.tell_viewers();
        }
    }
}

impl Place {
    pub async fn news(&mut self) -> News {
        tokio::select! {
            _ = &mut self.taken => News::Displaced,
            Ok(()) = self.viewers.changed() => News::Viewers(self.viewers.borrow_and_update().clone()),
            batch = self.batches.recv() => match batch {
                Ok(batch) => News::Batch(batch),
                Err(broadcast::error::RecvError::Lagged(_)) => News::Behind,
                Err(broadcast::error::RecvError::Closed) => News::Ended,
            },
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.channels.open().remove(self.key, self.number);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::web::shared::time_format::Zone;

    const INCIDENT: Key = (1, Some(1));

    fn join(channels: &Channels, key: Key, user: i64) -> Result<Place, Full> {
        let follower = Follower { user, name: format!("Person {user}"), session: String::new(), zone: Zone::utc() };
        channels.join(key, Arc::new(follower), |sender| {
            tokio::spawn(async move {
                let _sender = sender;
                std::future::pending::<()>().await;
            })
            .abort_handle()
        })
    }

    fn is_displaced(place: &mut Place) -> bool {
        loop {
            match place.news().now_or_never() {
                Some(News::Viewers(_)) => {}
                news => return matches!(news, Some(News::Displaced)),
            }
        }
    }

    #[tokio::test]
    async fn one_stream_too_many_takes_the_place_of_the_persons_oldest() {
        let channels = Channels::new(1_000);
        let mut other = join(&channels, INCIDENT, 2).unwrap();
        let mut mine: Vec<Place> = (0..).take(PER_PERSON).map(|id| join(&channels, (id, None), 1).unwrap()).collect();
        assert!(!mine.iter_mut().any(is_displaced));
        let mut newest = join(&channels, INCIDENT, 1).unwrap();
        let displaced: Vec<bool> = mine.iter_mut().map(is_displaced).collect();
        assert_eq!(displaced.iter().position(|displaced| *displaced), Some(0));
        assert_eq!(displaced.iter().filter(|displaced| **displaced).count(), 1);
        assert!(!is_displaced(&mut newest) && !is_displaced(&mut other));
    }

    #[tokio::test]
    async fn nobody_loses_a_stream_to_another_person() {
        let channels = Channels::new(2);
        let mut first = join(&channels, INCIDENT, 1).unwrap();
        let mut second = join(&channels, INCIDENT, 1).unwrap();
        assert!(join(&channels, INCIDENT, 2).is_err());
        assert!(!is_displaced(&mut first) && !is_displaced(&mut second));
        let third = join(&channels, INCIDENT, 1).unwrap();
        assert!(is_displaced(&mut first));
        drop((second, third));
        assert!(join(&channels, INCIDENT, 2).is_ok(), "places are free again");
    }

    #[tokio::test]
    async fn a_channel_ends_with_its_last_follower() {
        let channels = Channels::new(10);
        let (one, other) = (join(&channels, INCIDENT, 1).unwrap(), join(&channels, INCIDENT, 2).unwrap());
        assert_eq!(channels.open().channels.len(), 1);
        drop(one);
        assert_eq!(channels.followers(INCIDENT).len(), 1);
        drop(other);
        assert!(channels.open().channels.is_empty());
    }

    #[tokio::test]
    async fn everybody_is_told_who_comes_and_goes() {
        let channels = Channels::new(10);
        let viewers = |place: &mut Place| match place.news().now_or_never() {
            Some(News::Viewers(viewers)) => viewers.into_keys().collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let mut one = join(&channels, INCIDENT, 1).unwrap();
        assert_eq!(viewers(&mut one), [1]);
        let mut other = join(&channels, INCIDENT, 2).unwrap();
        assert_eq!((viewers(&mut one), viewers(&mut other)), (vec![1, 2], vec![1, 2]));
        let second_tab = join(&channels, INCIDENT, 2).unwrap();
        assert!(one.news().now_or_never().is_none(), "a second tab of the same person is no news");
        drop(other);
        assert!(one.news().now_or_never().is_none());
        drop(second_tab);
        assert_eq!(viewers(&mut one), [1]);
    }

    #[tokio::test]
    async fn streams_end_when_their_task_ends_and_a_new_one_starts_another() {
        let channels = Channels::new(10);
        let mut one = join(&channels, INCIDENT, 1).unwrap();
        channels.open().channels[&INCIDENT].task.abort();
        assert!(matches!(one.news().await, News::Viewers(_)));
        assert!(matches!(one.news().await, News::Ended));
        let mut other = join(&channels, INCIDENT, 2).unwrap();
        drop(one);
        assert!(matches!(other.news().now_or_never(), Some(News::Viewers(viewers)) if viewers.len() == 1));
        assert!(other.news().now_or_never().is_none());
        assert_eq!(channels.followers(INCIDENT).len(), 1);
    }
}
