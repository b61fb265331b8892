//! Numbers from a seed, and the distributions of times.

use std::time::Duration;

/// A generator of random numbers: SplitMix64, whose streams for different seeds have nothing in common.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The generator for one purpose: a seed, and numbers such as those of a user and of a step.
    pub fn new(seed: u64, purpose: &[u64]) -> Self {
        let mut random = Self(seed);
        for part in purpose {
            random.0 = random.next() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number between 0 and 1, neither of them.
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Whether something happens that has this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A time that is exponentially distributed: the pause between arrivals that don't depend on each other.
    pub fn exponential(&mut self, mean: Duration) -> Duration {
        mean.mul_f64(-self.uniform().ln())
    }

    /// A number of the normal distribution with mean 0 and variance 1.
    fn normal(&mut self) -> f64 {
        let (radius, angle) = (self.uniform(), self.uniform());
        (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }
}

/// How a time is distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Time {
    /// Always the same.
    Fixed(Duration),
    /// Exponential, with this mean.
    Exponential(Duration),
    /// Log-normal, as the times of services are: most near the median, and a long tail.
    LogNormal {
        /// Half of the times are shorter.
        p50: Duration,
        /// One in a hundred is longer.
        p99: Duration,
    },
}

/// The normal distribution's quantile of 0.99.
const QUANTILE_99: f64 = 2.326_348;

impl Time {
    /// A log-normal time, in milliseconds.
    pub const fn log_normal(p50: u64, p99: u64) -> Self {
        Self::LogNormal {
            p50: Duration::from_millis(p50),
            p99: Duration::from_millis(p99),
        }
    }

    /// A time of this distribution.
    pub fn draw(self, random: &mut Random) -> Duration {
        match self {
            Self::Fixed(time) => time,
            Self::Exponential(mean) => random.exponential(mean),
            Self::LogNormal { p50, .. } => p50.mul_f64((self.sigma() * random.normal()).exp()),
        }
    }

    /// The mean.
    pub fn mean(self) -> Duration {
        match self {
            Self::Fixed(time) | Self::Exponential(time) => time,
            Self::LogNormal { p50, .. } => p50.mul_f64((self.sigma().powi(2) / 2.0).exp()),
        }
    }

    fn sigma(self) -> f64 {
        match self {
            Self::LogNormal { p50, p99 } => (p99.as_secs_f64() / p50.as_secs_f64()).ln() / QUANTILE_99,
            Self::Fixed(_) | Self::Exponential(_) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(time: Time) -> Vec<f64> {
        let mut random = Random::new(1, &[]);
        let mut times: Vec<_> = (0..200_000)
            .map(|_| time.draw(&mut random).as_secs_f64())
            .collect();
        times.sort_by(f64::total_cmp);
        times
    }

    fn assert_near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 0.02, "{found}, not {expected}");
    }

    #[test]
    fn times_have_their_mean_and_their_quantiles() {
        let log_normal = Time::log_normal(20, 200);
        for time in [log_normal, Time::Exponential(Duration::from_millis(50))] {
            let times = sorted(time);
            assert_near(
                times.iter().sum::<f64>() / times.len() as f64,
                time.mean().as_secs_f64(),
            );
        }
        let times = sorted(log_normal);
        assert_near(times[times.len() / 2], 0.02);
        assert_near(times[times.len() * 99 / 100], 0.2);
        // An exponential time is longer than its mean with the probability 1/e.
        let longer = sorted(Time::Exponential(Duration::from_secs(1)));
        let share = longer.iter().filter(|time| **time > 1.0).count() as f64 / longer.len() as f64;
        assert_near(share, (-1.0f64).exp());
    }

    #[test]
    fn a_seed_and_a_purpose_decide_all_numbers() {
        let first = |seed, purpose: &[u64]| Random::new(seed, purpose).uniform();
        assert_eq!(first(7, &[1, 2]), first(7, &[1, 2]));
        let others = [
            first(7, &[1, 3]),
            first(7, &[2, 1]),
            first(8, &[1, 2]),
            first(7, &[1]),
        ];
        assert!(others.iter().all(|other| *other != first(7, &[1, 2])));
    }
}
