//! /entities: the page of a device, user, address, file or any other entity.

pub mod named;
pub mod note;
pub mod page;
mod view;
