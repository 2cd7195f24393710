//! `watchdesk bench correlation`.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::bench::correlation::{Figures, Labelled, Noise, Order, Truth};
use crate::bench::score::Score;
use crate::cli::outcome::{Failed, Outcome};
use crate::formats::readers::decode::{Encoding, decoded};

/// Largest file of labelled alerts.
const LARGEST: u64 = 1 << 30;

/// Files with more alerts than this are run in one order only.
const MANY: usize = 20_000;

#[derive(Args)]
pub struct CorrelationBench {
    /// Alerts in any format that `import` takes
    file: PathBuf,
    /// A CSV file of two columns: alert id, group
    #[arg(long)]
    truth: Option<PathBuf>,
    /// A JSON Pointer to each record's group; null is noise
    #[arg(long, default_value = "/gt_episode")]
    label: String,
    /// A JSON Pointer to each record's stricter group, where records have one; null is noise
    #[arg(long, default_value = "/gt_strict")]
    strict: String,
    /// Alerts a transaction in the shuffled runs
    #[arg(long, default_value_t = 50)]
    batch: usize,
    /// Print the names of the incidents, too
    #[arg(long)]
    names: bool,
}

impl CorrelationBench {
    pub fn run(&self) -> Outcome {
        let truth = match &self.truth {
            Some(file) => Truth::Table(read_table(file)?),
            None => Truth::Pointers { label: self.label.clone(), strict: self.strict.clone() },
        };
        let labelled = Labelled::parse(&read_file(&self.file)?, &truth);
        if labelled.is_empty() {
            return Err(Failed::usage(format!("{}: no alert has a label", self.file.display())));
        }
        println!("{} alerts, {} records left out", labelled.len(), labelled.left_out);
        println!(
            "{:<22} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "order, batch", "precision", "recall", "F1", "homogen.", "complete.", "clusters", "incidents"
        );
        let (mut first, mut least): (Option<Figures>, f64) = (None, 1.0);
        for (order, batch) in self.runs(labelled.len()) {
            let figures = labelled.run(order, batch)?;
            let size = if batch == usize::MAX { "all".to_owned() } else { batch.to_string() };
            print_figures(&format!("{order}, {size}"), &figures);
            if self.names {
                for name in &figures.names {
                    println!("    {name}");
                }
            }
            match &first {
                Some(first) => least = least.min(first.agreement(&figures)),
                None => first = Some(figures),
            }
        }
        println!("least agreement of the others with the first (pairwise F1): {least:.3}");
        print_figures("by device within 1 h", &labelled.by_device_within_an_hour());
        Ok(ExitCode::SUCCESS)
    }

    fn runs(&self, alerts: usize) -> Vec<(Order, usize)> {
        if alerts > MANY {
            return vec![(Order::Time, 500)];
        }
        let mut runs = vec![(Order::Time, 1), (Order::Time, 50), (Order::Time, usize::MAX)];
        runs.extend((1..=5).map(|seed| (Order::Shuffled(seed), self.batch)));
        runs
    }
}

fn print_figures(what: &str, figures: &Figures) {
    let score = figures.score;
    println!(
        "{what:<22} {:>9.3} {:>9.3} {:>9.3} {:>9.3} {:>9.3} {:>9} {:>9}",
        score.precision,
        score.recall,
        score.f1,
        score.homogeneity,
        score.completeness,
        score.clusters,
        figures.incidents
    );
    if let Some(noise) = figures.noise {
        println!(
            "    {}; {:.1} incidents a day, at most {}",
            noise_line(noise),
            noise.incidents_a_day,
            noise.most_a_day
        );
    }
    if let Some((score, noise)) = &figures.strict {
        let noise = noise.map(|noise| format!("; {}", noise_line(noise))).unwrap_or_default();
        let Score { precision, recall, f1, .. } = score;
        println!("    strict labels: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}{noise}");
    }
}

fn noise_line(noise: Noise) -> String {
    format!("noise: {} alerts, {:.1} % swept into attack incidents", noise.alerts, 100.0 * noise.swept)
}

fn read_file(file: &Path) -> Result<Vec<u8>, Failed> {
    let cannot = |error: std::io::Error| Failed::usage(format!("cannot read {}: {error}", file.display()));
    let opened = std::fs::File::open(file).map_err(cannot)?;
    let mut body = Vec::new();
    decoded(opened, Encoding::Detect, LARGEST).read_to_end(&mut body).map_err(cannot)?;
    Ok(body)
}

/// The first two columns of a CSV file, its header left out.
fn read_table(file: &Path) -> Result<HashMap<String, String>, Failed> {
    let cannot = |error: csv::Error| Failed::usage(format!("cannot read {}: {error}", file.display()));
    let mut table = HashMap::new();
    for row in csv::Reader::from_path(file).map_err(cannot)?.records() {
        let row = row.map_err(cannot)?;
        if let (Some(id), Some(group)) = (row.get(0), row.get(1)) {
            table.insert(id.trim().to_lowercase(), group.trim().to_owned());
        }
    }
    Ok(table)
}
