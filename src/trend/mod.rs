//! A number over time: how fast it grows, how sure that is, whether its pace has changed, and when it
//! reaches a threshold. Knows nothing of subnets.
//!
//! The slope is that of Theil and Sen, the median of the slopes of all pairs, which a few odd
//! readings do not move (P. K. Sen, "Estimates of the regression coefficient based on Kendall's
//! tau", Journal of the American Statistical Association 63, 1968). Its interval comes from
//! Kendall's S and asks for no distribution of the noise (same paper; M. Hollander, D. A. Wolfe,
//! "Nonparametric Statistical Methods", section 9.3). A week's pattern is removed by pairing days of
//! one weekday alone (the seasonal Kendall slope: R. M. Hirsch, J. R. Slack, R. A. Smith,
//! "Techniques of trend analysis for monthly water quality data", Water Resources Research 18,
//! 1982; interval after R. O. Gilbert, "Statistical Methods for Environmental Pollution Monitoring",
//! 1987, chapter 17). Days that hang together widen the interval (`dependence`). A second line goes
//! through the days since the pace last changed (`change`).

mod change;
mod days;
mod dependence;
mod line;
mod middle;
mod pace;
mod point;
mod slope;
mod weekly;

pub use days::daily;
pub use line::{Direction, Line, Outlook, SOON, TooFew, fit};
pub use pace::{Ahead, Pace, Trend, trend};
pub use point::Point;
