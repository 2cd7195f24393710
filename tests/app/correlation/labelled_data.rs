//! Grouping of alerts whose right grouping is known, where the data is there (always in CI).

use crate::support::product::{Encoding, Labelled, Order, Truth, decoded};
use crate::support::real_data::real_data;

#[test]
fn labelled_incidents_of_cloud_and_endpoint_alerts_are_grouped_exactly() {
    let Some(alerts) = real_data("sentinel/alerts.jsonl") else { return };
    let truth = String::from_utf8(real_data("sentinel/ground_truth.csv").unwrap()).unwrap();
    let table = truth.lines().skip(1).filter_map(|line| line.split_once(','));
    let table = table.map(|(id, group)| (id.to_lowercase(), group.trim().to_owned())).collect();
    let labelled = Labelled::parse(&alerts, &Truth::Table(table));
    assert_eq!(labelled.len(), 33);
    let mut runs = vec![(Order::Time, 1), (Order::Time, 50), (Order::Time, usize::MAX)];
    runs.extend((1..=5).map(|seed| (Order::Shuffled(seed), 10)));
    for (order, batch) in runs {
        let figures = labelled.run(order, batch).unwrap();
        assert_eq!((figures.score.precision, figures.score.recall), (1.0, 1.0), "{order}, batches of {batch}");
        for name in [
            "Multi-stage incident involving Execution & Discovery on one endpoint",
            "Multi-stage incident involving Defense evasion & Discovery on one endpoint",
            "Multi-stage incident involving Initial access & Collection involving one user reported by multiple sources",
        ] {
            assert!(figures.names.iter().any(|known| known == name), "{name:?} is not among {:?}", figures.names);
        }
    }
}

#[test]
fn two_noisy_sites_make_at_most_thirty_incidents_a_day_and_mix_in_less_noise_than_linking_by_host() {
    for site in ["russellmitchell", "shaw"] {
        let Some(packed) = real_data(&format!("ait-ads/{site}.jsonl.gz")) else { return };
        let mut body = Vec::new();
        let mut plain = decoded(packed.as_slice(), Encoding::Detect, u64::MAX);
        std::io::Read::read_to_end(&mut plain, &mut body).unwrap();
        let labelled = Labelled::parse(&body, &Truth::Pointer("/gt_episode".into()));
        let noise = labelled.run(Order::Time, 200).unwrap().noise.unwrap();
        let by_host = labelled.by_device_within_an_hour().noise.unwrap();
        assert!(noise.most_a_day <= 30, "{site}: {} incidents on the busiest day", noise.most_a_day);
        assert!(noise.swept < by_host.swept, "{site}: {} against {}", noise.swept, by_host.swept);
    }
}
