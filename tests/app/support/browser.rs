//! Somebody with a browser: keeps cookies, posts forms, looks at pages. Redirects are shown, not
//! followed, since where an act leads is part of what it promises.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use scraper::Html;

use super::page::{select, squeeze, text, texts, value};

pub struct Browser {
    agent: ureq::Agent,
    base: String,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub body: String,
    pub headers: Vec<(String, String)>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            // The server closes a silent connection after 5 seconds; a browser would send its request again.
            .max_idle_age(Duration::from_secs(3))
            .build();
        Self { agent: config.into(), base: base.into(), cookies: RefCell::default() }
    }

    /// Where the server is.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The cookie header it would send.
    pub fn cookie(&self) -> String {
        self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.borrow_mut().insert(name.into(), value.into());
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.base)).header("cookie", self.cookie());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.keep(request.call().unwrap())
    }

    /// A page that must be there.
    pub fn page(&self, path: &str) -> Html {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "GET {path}: {} {}", answer.location, answer.text());
        answer.html()
    }

    /// Posts a form as a page of ours would.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[("sec-fetch-site", "same-origin")])
    }

    pub fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("cookie", self.cookie())
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.keep(request.send(&body).unwrap())
    }

    /// A page of a server that may go away meanwhile; `None` when no answer came.
    pub fn try_get(&self, path: &str) -> Option<Answer> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("cookie", self.cookie());
        self.try_keep(request.call().ok()?)
    }

    /// Posts a form to a server that may go away meanwhile; `None` when no answer came.
    pub fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("cookie", self.cookie())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.try_keep(request.send(&body).ok()?)
    }

    /// Sends a body of alerts to a server that may go away meanwhile; `None` when no answer came.
    pub fn try_send(&self, body: &str, token: &str) -> Option<Answer> {
        let request = self
            .agent
            .post(format!("{}/api/v1/alerts", self.base))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"));
        self.try_keep(request.send(body).ok()?)
    }

    pub fn post_json(&self, path: &str, body: &str, token: Option<&str>) -> Answer {
        let mut request = self.agent.post(format!("{}{path}", self.base)).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.keep(request.send(body).unwrap())
    }

    pub fn post_bytes(&self, path: &str, body: &[u8], token: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/x-ndjson")
            .header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.keep(request.send(body).unwrap())
    }

    /// Posts a body of any kind.
    pub fn post_body(&self, path: &str, content_type: &str, body: &[u8], headers: &[(&str, &str)]) -> Answer {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("cookie", self.cookie())
            .header("content-type", content_type);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.keep(request.send(body).unwrap())
    }

    /// What is downloaded: the status, the headers and the bytes.
    pub fn download(&self, path: &str) -> (Answer, Vec<u8>) {
        let request = self.agent.get(format!("{}{path}", self.base)).header("cookie", self.cookie());
        let mut response = request.call().unwrap();
        let bytes = response.body_mut().with_config().limit(100_000_000).read_to_vec().unwrap();
        let (parts, _) = response.into_parts();
        (self.keep(ureq::http::Response::from_parts(parts, ureq::Body::builder().data(""))), bytes)
    }

    fn keep(&self, response: ureq::http::Response<ureq::Body>) -> Answer {
        self.try_keep(response).unwrap()
    }

    /// `None` when the body broke off.
    fn try_keep(&self, mut response: ureq::http::Response<ureq::Body>) -> Option<Answer> {
        for cookie in response.headers().get_all("set-cookie") {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.into(), value.into());
            }
        }
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let location =
            headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone()).unwrap_or_default();
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(50_000_000).read_to_string().ok()?;
        Some(Answer { status, location, body, headers })
    }

    /// Every incident that there is, as the export tells of it.
    pub fn incidents(&self) -> Vec<serde_json::Value> {
        self.export("status=all&severity=all&range=all&sort=id")
    }

    /// The incidents of a filter as the export tells of them.
    pub fn export(&self, query: &str) -> Vec<serde_json::Value> {
        let answer = self.get(&format!("/incidents.jsonl?{query}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// How many incidents have alerts.
    pub fn incidents_with_alerts(&self) -> usize {
        self.incidents().iter().filter(|incident| incident["alertCount"] != 0).count()
    }

    /// The IDs of all alerts, the newest update first.
    pub fn alerts(&self) -> Vec<i64> {
        let mut ids = Vec::new();
        let mut next = Some("/alerts?status=all&range=all&limit=200".to_owned());
        while let Some(path) = next {
            let page = self.page(&path);
            let links = select(&page, ".alert-queue tbody .col-name a");
            ids.extend(links.iter().map(|link| link.attr("href").unwrap()["/alerts/".len()..].parse::<i64>().unwrap()));
            next = select(&page, "a[rel=next]").first().map(|link| link.attr("href").unwrap().to_owned());
        }
        ids
    }

    /// How many alerts there are; each is in exactly one incident.
    pub fn alert_count(&self) -> i64 {
        self.incidents().iter().map(|incident| incident["alertCount"].as_i64().unwrap()).sum()
    }

    /// The sentences of an incident's Comments and history, newest first.
    pub fn history(&self, incident: i64) -> Vec<String> {
        texts(&self.page(&format!("/incidents/{incident}/history")), ".entry")
    }

    /// The newest entries of every incident.
    pub fn histories(&self) -> Vec<Vec<String>> {
        self.incidents().iter().map(|incident| self.history(incident["id"].as_i64().unwrap())).collect()
    }

    /// The comments on an incident, newest first.
    pub fn comments(&self, incident: i64) -> Vec<String> {
        texts(&self.page(&format!("/incidents/{incident}/history?show=comments")), ".entry")
    }

    /// The sentences of an alert's own history, newest first.
    pub fn alert_history(&self, alert: i64) -> Vec<String> {
        texts(&self.page(&format!("/alerts/{alert}")), ".entry")
    }

    /// Whom an alert is assigned to, as its page says.
    pub fn alert_owner(&self, alert: i64) -> String {
        text(&self.page(&format!("/alerts/{alert}")), ".head-facts [data-live=owner]")
    }

    /// The message of the page that an answer leads to.
    pub fn message_after(&self, answer: &Answer) -> String {
        assert_eq!(answer.status, 303, "{}", answer.text());
        text(&self.page(&answer.location), "[data-flash] p")
    }

    /// The revision that the manage form carries.
    pub fn revision(&self, path: &str) -> String {
        value(&self.page(path), "form[data-manage] input[name=revision]")
    }
}

impl Answer {
    pub fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// The page's text, for messages and for "says ...".
    pub fn text(&self) -> String {
        squeeze(&self.html().root_element().text().collect::<String>())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}
