pub mod guide;
pub mod review;
