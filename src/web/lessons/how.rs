//! GET /lessons/how: how each number of Lessons is computed.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::lessons::report::{MOST_COUNTED, PLAINLY, USUAL_MINUTES};
use crate::lessons::share::FEWEST;
use crate::model::lesson::MOST_WORK;
use crate::text::thousands;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;

#[derive(Template)]
#[template(path = "lessons/how.html")]
struct HowPage {
    layout: Layout,
}

impl HowPage {
    fn active(&self) -> &'static str {
        "lessons"
    }

    fn fewest(&self) -> i64 {
        FEWEST
    }

    fn most_work(&self) -> i64 {
        MOST_WORK
    }

    fn usual_minutes(&self) -> i64 {
        USUAL_MINUTES
    }

    fn plainly(&self) -> f64 {
        PLAINLY * 100.0
    }

    fn most_counted(&self) -> String {
        thousands(MOST_COUNTED)
    }
}

pub async fn show(layout: Layout) -> Result<HttpResponse, Failure> {
    let page = HowPage { layout };
    page.layout.page(StatusCode::OK, &page)
}
