//! Runs of flows as SVG pictures.

use std::fmt::Write;

use cognito_triggers_pool::diagram::{Lane, Line};

use super::run::Run;
use crate::printer::junit::Escaped;

/// The distance between two lanes, in pixels.
const LANE_DISTANCE: usize = 420;
/// The height of a line, in pixels.
const LINE_HEIGHT: usize = 34;
/// The distance of the outer lanes from the edge, in pixels.
const MARGIN: usize = 100;
/// Where the lanes begin below their headings, in pixels.
const TOP: usize = 70;

/// How many characters fit between two lanes.
const MAX_TEXT: usize = 58;

/// The style sheet of the picture.
const STYLE: &str = "\
text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#1f2328}\
.lane{font-weight:600;text-anchor:middle}.said{text-anchor:middle}.note{font-weight:600;text-anchor:middle}\
.life{stroke:#afb8c1;stroke-dasharray:3 4}.call,.reply,.bad{stroke:#1f2328;fill:none;stroke-width:1.2}\
.reply{stroke-dasharray:5 3}.bad{stroke:#b3261e;stroke-dasharray:5 3}.wrong{fill:#b3261e}\
.box{fill:#eef2f6;stroke:#afb8c1}";

impl Run {
    /// A sequence diagram as an SVG picture. It has no scripts and loads nothing.
    ///
    /// Secret values aren't in it, as for the text of a run.
    pub fn svg(&self) -> String {
        let lines = self.lines();
        let height = TOP + LINE_HEIGHT * (lines.len() + 1);
        let width = 2 * MARGIN + LANE_DISTANCE * (Lane::ALL.len() - 1);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} \
             {height}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n<defs><marker id=\"head\" \
             viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" \
             orient=\"auto-start-reverse\"><path d=\"M0 0L10 5L0 10z\"/></marker></defs>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
            Escaped(&self.name)
        );
        for lane in Lane::ALL {
            let (x, bottom) = (x_of(lane), height - LINE_HEIGHT / 2);
            let _ = writeln!(
                svg,
                "<line class=\"life\" x1=\"{x}\" y1=\"{TOP}\" x2=\"{x}\" y2=\"{bottom}\"/>\
                 <rect class=\"box\" x=\"{}\" y=\"20\" width=\"120\" height=\"32\" rx=\"4\"/>\
                 <text class=\"lane\" x=\"{x}\" y=\"41\">{}</text>",
                x - 60,
                lane.name()
            );
        }
        for (index, line) in lines.iter().enumerate() {
            write_line(&mut svg, line, TOP + LINE_HEIGHT * (index + 1), width);
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// Writes one line of the diagram, `y` pixels below the top.
fn write_line(svg: &mut String, line: &Line, y: usize, width: usize) {
    let _ = match line {
        Line::Note(text) => writeln!(
            svg,
            "<text class=\"note\" x=\"{}\" y=\"{}\">{}</text>",
            width / 2,
            y - 8,
            Escaped(text)
        ),
        Line::Arrow {
            from,
            to,
            text,
            reply,
            bad,
        } => {
            let (start, end) = (x_of(*from), x_of(*to));
            let class = match (reply, bad) {
                (_, true) => "bad",
                (true, false) => "reply",
                (false, false) => "call",
            };
            let middle = start.midpoint(end);
            let color = if *bad { " wrong" } else { "" };
            writeln!(
                svg,
                "<line class=\"{class}\" x1=\"{start}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\" marker-end=\"url(#head)\"/>\
                 <text class=\"said{color}\" x=\"{middle}\" y=\"{}\">{}<title>{}</title></text>",
                y - 6,
                Escaped(&shortened(text)),
                Escaped(text)
            )
        }
    };
}

/// The distance of a lane from the left edge, in pixels.
fn x_of(lane: Lane) -> usize {
    let index = Lane::ALL
        .iter()
        .position(|known| *known == lane)
        .unwrap_or_default();
    MARGIN + LANE_DISTANCE * index
}

/// The part of a text that fits on an arrow. The whole text is its tooltip.
fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_TEXT {
        return text.to_owned();
    }
    let start: String = text.chars().take(MAX_TEXT - 1).collect();
    format!("{}…", start.trim_end())
}
