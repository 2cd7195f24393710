//! Alerts and incidents of the Microsoft Graph security API, and risk detections of Microsoft Entra.

pub mod alert;
pub mod evidence;
pub mod facts;
pub mod incident;
pub mod risk;
