//! /entities: the page of a device, user, address, file or any other entity, with what people say of it.

pub mod actions;
pub mod card;
mod data;
mod forms;
mod history;
pub mod named;
pub mod page;
mod refused;
mod view;
