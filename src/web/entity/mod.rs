//! /entities: the page of a device, user, address, file or any other entity.

mod data;
pub mod named;
pub mod note;
pub mod page;
mod view;
