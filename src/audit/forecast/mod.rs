//! When subnets reach their thresholds, as their history has it.

mod forecasts;
mod history;

pub(in crate::audit) use forecasts::forecasts;
pub use forecasts::{Forecast, ForecastThreshold, ThresholdForecast, days_in_words};
pub use history::{History, Reading};
