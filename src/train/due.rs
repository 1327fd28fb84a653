//! When own tags are to be trained again by themselves: weekly at a local time, or after so many newly tagged pictures.
//!
//! Pure: the caller has the clock, and knows how local time differs from UTC. A time of the week is *served* by a training that began at it or later,
//! but before the next one, whoever began it. So what fell due while nobody was there is made up for once, however many weeks went by, and a clock
//! that is moved never trains twice for one week.

use serde::{Deserialize, Serialize};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Far enough from a change of the clocks to be on one side of it.
const BESIDE_MS: i64 = DAY_MS / 2;
/// The most that local time has ever differed from UTC, with a margin.
const MAX_OFFSET_MINUTES: i32 = 24 * 60;

/// When to train by itself. Neither: only on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub weekly: Option<Weekly>,
    /// After so many newly tagged pictures; 0 counts as 1.
    pub after_n: Option<u32>,
}

/// A time of the week, in local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawWeekly")]
pub struct Weekly {
    /// 0 is Sunday, 6 Saturday.
    day: u8,
    /// Of the day, from 0 to 1439.
    minute: u16,
}

#[derive(Deserialize)]
struct RawWeekly {
    day: u8,
    minute: u16,
}

/// What was, as far as it decides what is due.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// When each training began, in ms since 1970, in any order: those that failed too, so that what fails is not tried all week long.
    pub trained_ms: &'a [i64],
    /// When the schedule was set: for the time before it nothing is owed.
    pub set_ms: i64,
    /// Pictures that people tagged since the newest training began.
    pub n_new: u32,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Why it is due now; `None` if it is not.
    pub why: Option<Why>,
    /// When a weekly training fell due that is owed, in ms since 1970.
    pub fell_due_ms: Option<i64>,
    /// The next time of the week that is still to come.
    pub next_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Weekly,
    AfterN,
}

impl Default for Schedule {
    /// Saturdays at 00:30.
    fn default() -> Self {
        Self { weekly: Some(Weekly { day: 6, minute: 30 }), after_n: None }
    }
}

impl Weekly {
    /// `None` for a day or a minute that there is not.
    pub fn new(day: u8, minute: u16) -> Option<Self> {
        (day < 7 && minute < 24 * 60).then_some(Self { day, minute })
    }

    pub fn day(self) -> u8 {
        self.day
    }

    pub fn minute(self) -> u16 {
        self.minute
    }

    /// The last time up to `now_ms`, and the first one after it.
    fn around(self, now_ms: i64, offset: &dyn Fn(i64) -> i32) -> (i64, i64) {
        let today = (now_ms + offset_ms(offset, now_ms)).div_euclid(DAY_MS);
        // 1 January 1970 was a Thursday.
        let to_day = (i64::from(self.day) - today - 4).rem_euclid(7);
        // Local time may have run up to a day ahead of `today` or behind it, where the clocks are changed between.
        let weeks = [-14, -7, 0, 7, 14].map(|days| self.utc(today + to_day + days, offset));
        let next = weeks.iter().position(|&ms| ms > now_ms).unwrap_or(weeks.len() - 1).max(1);
        (weeks[next - 1], weeks[next])
    }

    /// When it is this time on a local day, counted from 1970. Of a time that a change of the clocks repeats, the first; one that is left out comes as
    /// much later as the clocks were put forward.
    fn utc(self, day: i64, offset: &dyn Fn(i64) -> i32) -> i64 {
        let local = day * DAY_MS + i64::from(self.minute) * MINUTE_MS;
        let near = local - offset_ms(offset, local);
        let [before, after] = [near - BESIDE_MS, near + BESIDE_MS].map(|ms| local - offset_ms(offset, ms));
        let is_right = |ms: &i64| ms + offset_ms(offset, *ms) == local;
        [before.min(after), before.max(after)].into_iter().find(is_right).unwrap_or(before)
    }
}

impl TryFrom<RawWeekly> for Weekly {
    type Error = &'static str;

    fn try_from(raw: RawWeekly) -> Result<Self, Self::Error> {
        Self::new(raw.day, raw.minute).ok_or("a day is from 0 (Sunday) to 6, a minute from 0 to 1439")
    }
}

fn offset_ms(offset: &dyn Fn(i64) -> i32, at_ms: i64) -> i64 {
    i64::from(offset(at_ms).clamp(-MAX_OFFSET_MINUTES, MAX_OFFSET_MINUTES)) * MINUTE_MS
}

/// Whether training is due at `now_ms` (since 1970). `offset`: how many minutes local time is ahead of UTC at a moment in ms since 1970.
pub fn due(schedule: &Schedule, history: &History<'_>, now_ms: i64, offset: &dyn Fn(i64) -> i32) -> Due {
    let around = schedule.weekly.map(|weekly| weekly.around(now_ms, offset));
    let owed = around.filter(|&(last, next)| {
        let is_served = history.trained_ms.iter().any(|ms| (last..next).contains(ms));
        last > history.set_ms && !is_served
    });
    let is_after_n = schedule.after_n.is_some_and(|n| history.n_new >= n.max(1));
    Due {
        why: owed.map(|_| Why::Weekly).or(is_after_n.then_some(Why::AfterN)),
        fell_due_ms: owed.map(|(last, _)| last),
        next_ms: around.map(|(_, next)| next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;
    const WEEK_MS: i64 = 7 * DAY_MS;

    /// As in Stockholm in 2026: UTC + 2 h from 29 March 01:00 to 25 October 01:00 UTC, else UTC + 1 h.
    fn stockholm(ms: i64) -> i32 {
        if (1_774_746_000_000..1_792_890_000_000).contains(&ms) { 120 } else { 60 }
    }

    /// As in Beirut in 2026, where the clocks go from 00:00 to 01:00 on Sunday, 29 March.
    fn beirut(ms: i64) -> i32 {
        if (1_774_735_200_000..1_792_875_600_000).contains(&ms) { 180 } else { 120 }
    }

    /// Saturday, 3 January 2026 00:30 in Stockholm.
    const SATURDAY: i64 = 1_767_396_600_000;

    fn at(now_ms: i64, trained_ms: &[i64]) -> Due {
        let history = History { trained_ms, set_ms: SATURDAY - WEEK_MS, n_new: 0 };
        due(&Schedule::default(), &history, now_ms, &stockholm)
    }

    #[test]
    fn it_is_due_from_saturday_half_past_midnight_until_it_was_trained() {
        let before = at(SATURDAY - 1, &[SATURDAY - 6 * DAY_MS]);
        assert_eq!(before, Due { why: None, fell_due_ms: None, next_ms: Some(SATURDAY) });
        for late in [0, 1, HOUR_MS, WEEK_MS - 1] {
            let late = at(SATURDAY + late, &[SATURDAY - 1]);
            let owed = Due { why: Some(Why::Weekly), fell_due_ms: Some(SATURDAY), next_ms: Some(SATURDAY + WEEK_MS) };
            assert_eq!(late, owed);
        }
        assert_eq!(at(SATURDAY + 5, &[SATURDAY]).why, None);
        assert_eq!(at(SATURDAY + WEEK_MS - 1, &[SATURDAY + 3 * DAY_MS]).why, None, "somebody trained on Tuesday");
    }

    #[test]
    fn weeks_that_nobody_was_there_are_made_up_for_once() {
        let monday = SATURDAY + 5 * WEEK_MS + 2 * DAY_MS;
        assert_eq!(at(monday, &[SATURDAY]).fell_due_ms, Some(SATURDAY + 5 * WEEK_MS));
        assert_eq!(at(monday, &[SATURDAY, monday]).why, None);
    }

    #[test]
    fn a_clock_that_is_moved_over_saturday_twice_trains_once() {
        let trained = [SATURDAY - 6 * DAY_MS, SATURDAY + 2 * MINUTE_MS];
        for now in [SATURDAY - 2 * DAY_MS, SATURDAY, SATURDAY + MINUTE_MS, SATURDAY + DAY_MS] {
            assert_eq!(at(now, &trained).why, None, "{now}");
        }
        // By a clock that was years ahead.
        assert_eq!(at(SATURDAY, &[SATURDAY + 200 * WEEK_MS]).why, Some(Why::Weekly));
    }

    #[test]
    fn a_schedule_owes_nothing_for_the_time_before_it_was_set() {
        let history = History { trained_ms: &[], set_ms: SATURDAY + HOUR_MS, n_new: 0 };
        let due = |now| due(&Schedule::default(), &history, now, &stockholm).why;
        assert_eq!((due(SATURDAY + 2 * HOUR_MS), due(SATURDAY + WEEK_MS)), (None, Some(Why::Weekly)));
    }

    #[test]
    fn over_a_change_of_the_clocks_it_stays_at_half_past_midnight() {
        // 28 March is the last Saturday of winter, 4 April the first of summer: a week less an hour.
        let last = SATURDAY + 12 * WEEK_MS;
        assert_eq!(at(last, &[last]).next_ms, Some(last + WEEK_MS - HOUR_MS));
        assert_eq!(at(last + WEEK_MS - HOUR_MS, &[last]).fell_due_ms, Some(last + WEEK_MS - HOUR_MS));
        // 24 October and the Saturday after: a week and an hour.
        let last = SATURDAY + 42 * WEEK_MS - HOUR_MS;
        assert_eq!(at(last, &[last]).next_ms, Some(last + WEEK_MS + HOUR_MS));
    }

    #[test]
    fn a_time_that_the_clocks_leave_out_comes_later_and_a_repeated_one_once() {
        let sunday = |minute| Schedule { weekly: Weekly::new(0, minute), after_n: None };
        let next = |schedule, now, offset: &dyn Fn(i64) -> i32| {
            let history = History { trained_ms: &[], set_ms: now, n_new: 0 };
            due(&schedule, &history, now, offset).next_ms.unwrap()
        };
        let (summer, winter) = (1_774_746_000_000, 1_792_890_000_000);
        assert_eq!(next(sunday(150), summer - DAY_MS, &stockholm), summer + 30 * MINUTE_MS, "02:30 is 03:30");
        assert_eq!(next(sunday(150), winter - DAY_MS, &stockholm), winter - 30 * MINUTE_MS, "02:30, the first");
        assert_eq!(next(sunday(150), winter - 30 * MINUTE_MS, &stockholm), winter - 30 * MINUTE_MS + WEEK_MS + HOUR_MS);
        assert_eq!(next(sunday(30), 1_774_735_200_000 - DAY_MS, &beirut), 1_774_735_200_000 + 30 * MINUTE_MS);
    }

    #[test]
    fn every_minute_of_two_years_lies_between_two_times_a_week_apart() {
        for offset in [stockholm, beirut, |_| 840, |_| -720] {
            for weekly in [(6, 30), (0, 0), (0, 1439), (0, 90), (0, 150), (3, 720)] {
                let weekly = Weekly::new(weekly.0, weekly.1).unwrap();
                for now in (0..104 * 7 * 24).map(|hour| SATURDAY + hour * HOUR_MS + 17 * MINUTE_MS) {
                    let (last, next) = weekly.around(now, &offset);
                    assert!(last <= now && now < next, "{weekly:?} {now}");
                    assert!((next - last - WEEK_MS).abs() <= HOUR_MS, "{weekly:?} {now}: {}", next - last);
                }
            }
        }
    }

    #[test]
    fn after_so_many_new_pictures_it_is_due_whatever_the_day() {
        let schedule = Schedule { weekly: None, after_n: Some(20) };
        let due = |n_new| due(&schedule, &History { trained_ms: &[], set_ms: 0, n_new }, SATURDAY, &stockholm);
        assert_eq!(due(19), Due { why: None, fell_due_ms: None, next_ms: None });
        assert_eq!(due(20).why, Some(Why::AfterN));
        assert_eq!(
            super::due(
                &Schedule { after_n: Some(0), ..schedule },
                &History { trained_ms: &[], set_ms: 0, n_new: 0 },
                0,
                &stockholm
            )
            .why,
            None
        );
    }

    #[test]
    fn a_schedule_reads_as_it_was_written_and_no_other_day_or_minute() {
        let json = r#"{"weekly":{"day":6,"minute":30},"after_n":null}"#;
        assert_eq!(serde_json::from_str::<Schedule>(json).unwrap(), Schedule::default());
        assert_eq!(serde_json::to_string(&Schedule::default()).unwrap(), json);
        for wrong in [r#"{"day":7,"minute":0}"#, r#"{"day":0,"minute":1440}"#, r#"{"day":-1,"minute":0}"#] {
            assert!(serde_json::from_str::<Weekly>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn clocks_and_offsets_out_of_all_measure_are_survived() {
        for now in [i64::from(i32::MIN) * 1000, 8_640_000_000_000_000, -8_640_000_000_000_000] {
            for offset in [i32::MIN, i32::MAX] {
                let history = History { trained_ms: &[i64::MIN, i64::MAX], set_ms: i64::MIN, n_new: u32::MAX };
                assert!(due(&Schedule::default(), &history, now, &|_| offset).next_ms.is_some());
            }
        }
    }
}
