pub mod guide;
