//! HTML of the pages: escaping, the frame of a page, and the fields of a form.

use std::fmt::Write as _;

use super::Reply;

/// The style of all pages.
pub(crate) const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;margin:0;padding:1rem;display:flex;justify-content:center}\
main{width:100%;max-width:24rem}\
h1{font-size:1.5rem;margin:1rem 0}\
label{display:block;margin:.75rem 0 .25rem}\
input,textarea,button,.button{box-sizing:border-box;width:100%;font:inherit;padding:.6rem;border:1px solid #767676;border-radius:.3rem}\
button,.button{display:block;margin-top:1rem;text-align:center;text-decoration:none;cursor:pointer;background:#0b57d0;color:#fff;border-color:#0b57d0}\
.other{background:transparent;color:inherit;border-color:#767676}\
.error{border-left:.3rem solid #c5221f;padding:.5rem .75rem;overflow-wrap:anywhere}\
.notice{border-left:.3rem solid #188038;padding:.5rem .75rem;overflow-wrap:anywhere}\
form+form{margin-top:2rem}\
code{overflow-wrap:anywhere}\
.hint{font-size:.875rem;margin:.25rem 0 0}\
a{color:inherit}\
:focus-visible{outline:3px solid #1a73e8;outline-offset:2px}";

/// Escapes a string for text and for attribute values in double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A page with a heading. `body` is HTML.
pub(super) fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// A page with one sentence.
pub(crate) fn message_page(title: &str, text: &str) -> String {
    page(title, &format!("<p>{}</p>\n", escape(text)))
}

/// The page for a form without the token of the browser's cookie.
pub(super) fn forged() -> Reply {
    let text = "The form is too old, or comes from another page. Go back, reload the page and try again.";
    Reply::page(403, message_page("Try again", text))
}

/// A form that posts to a path of this listener.
#[derive(Debug)]
pub(super) struct Form {
    html: String,
}

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    /// The name in the form, and the id in the page.
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    /// `type`, such as `text` or `password`.
    pub(super) kind: &'a str,
    /// `autocomplete`, by which browsers and password managers fill the field.
    pub(super) autocomplete: &'a str,
    pub(super) value: &'a str,
}

impl Form {
    /// An empty form with the token against forgery.
    pub(super) fn new(action: &str, csrf: &str) -> Self {
        Self {
            html: format!(
                "<form method=\"post\" action=\"{}\">\n<input type=\"hidden\" name=\"_csrf\" value=\"{}\">\n",
                escape(action),
                escape(csrf)
            ),
        }
    }

    /// Adds a required field with its label.
    pub(super) fn field(self, field: Field<'_>) -> Self {
        self.input(field, " required")
    }

    /// Adds a required field in which the cursor is when the page opens.
    pub(super) fn focused(self, field: Field<'_>) -> Self {
        self.input(field, " required autofocus")
    }

    /// Adds a field that may stay empty.
    pub(super) fn optional(self, field: Field<'_>) -> Self {
        self.input(field, "")
    }

    /// Adds a field. `more` is further attributes, each after a space.
    fn input(mut self, field: Field<'_>, more: &str) -> Self {
        let [name, label, kind, autocomplete, value] = [
            field.name,
            field.label,
            field.kind,
            field.autocomplete,
            field.value,
        ]
        .map(escape);
        let code = if field.autocomplete == "one-time-code" {
            " inputmode=\"numeric\""
        } else {
            ""
        };
        let _ = writeln!(
            self.html,
            "<label for=\"{name}\">{label}</label>\n<input id=\"{name}\" name=\"{name}\" type=\"{kind}\" \
             autocomplete=\"{autocomplete}\" autocapitalize=\"none\" spellcheck=\"false\"{code} value=\"{value}\"{more}>"
        );
        self
    }

    /// Adds a value that the user doesn't see.
    pub(super) fn hidden(mut self, name: &str, value: &str) -> Self {
        let [name, value] = [name, value].map(escape);
        let _ = writeln!(
            self.html,
            "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
        );
        self
    }

    /// Adds HTML.
    pub(super) fn raw(mut self, html: &str) -> Self {
        self.html.push_str(html);
        self
    }

    /// Adds a button that sends a value.
    pub(super) fn button(mut self, name: &str, value: &str, label: &str) -> Self {
        let [name, value, label] = [name, value, label].map(escape);
        let _ = writeln!(
            self.html,
            "<button type=\"submit\" name=\"{name}\" value=\"{value}\">{label}</button>"
        );
        self
    }

    /// Adds a button that sends a value, whatever the other fields have, and looks less important.
    pub(super) fn other_button(mut self, name: &str, value: &str, label: &str) -> Self {
        let [name, value, label] = [name, value, label].map(escape);
        let _ = writeln!(
            self.html,
            "<button class=\"other\" type=\"submit\" name=\"{name}\" value=\"{value}\" formnovalidate>{label}</button>"
        );
        self
    }

    /// Adds the button, and ends the form.
    pub(super) fn submit(mut self, label: &str) -> String {
        let _ = writeln!(self.html, "<button type=\"submit\">{}</button>", escape(label));
        self.end()
    }

    /// Adds a button that looks less important than those of other forms, and ends the form.
    pub(super) fn submit_other(mut self, label: &str) -> String {
        let _ = writeln!(
            self.html,
            "<button class=\"other\" type=\"submit\">{}</button>",
            escape(label)
        );
        self.end()
    }

    /// Ends the form, which has its buttons already.
    pub(super) fn end(mut self) -> String {
        self.html.push_str("</form>\n");
        self.html
    }
}

/// What the user reads first: an error or a notice.
pub(super) fn banner(error: Option<&str>, notice: Option<&str>) -> String {
    match (error, notice) {
        (Some(error), _) => format!("<p class=\"error\" role=\"alert\">{}</p>\n", escape(error)),
        (None, Some(notice)) => format!("<p class=\"notice\" role=\"status\">{}</p>\n", escape(notice)),
        (None, None) => String::new(),
    }
}

/// A link in a paragraph.
pub(super) fn link(address: &str, label: &str) -> String {
    format!("<p><a href=\"{}\">{}</a></p>\n", escape(address), escape(label))
}

/// A link that looks like a button.
pub(super) fn button_link(address: &str, label: &str) -> String {
    format!(
        "<a class=\"button other\" href=\"{}\">{}</a>\n",
        escape(address),
        escape(label)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\"'><script>alert(1)</script>&amp;";
    const HARMLESS: &str = "&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;";

    #[test]
    fn every_text_of_a_page_is_escaped() {
        let field = Field {
            name: HOSTILE,
            label: HOSTILE,
            kind: HOSTILE,
            autocomplete: HOSTILE,
            value: HOSTILE,
        };
        let parts = [
            page(HOSTILE, ""),
            message_page("title", HOSTILE),
            Form::new(HOSTILE, HOSTILE).field(field).submit(HOSTILE),
            Form::new("", "").submit_other(HOSTILE),
            Form::new("", "").hidden(HOSTILE, HOSTILE).end(),
            Form::new("", "").button(HOSTILE, HOSTILE, HOSTILE).end(),
            Form::new("", "").other_button(HOSTILE, HOSTILE, HOSTILE).end(),
            banner(Some(HOSTILE), None),
            banner(None, Some(HOSTILE)),
            link(HOSTILE, HOSTILE),
            button_link(HOSTILE, HOSTILE),
        ];
        for part in parts {
            assert!(
                part.contains(HARMLESS) && !part.contains("<script>") && !part.contains("\"'>"),
                "{part}"
            );
        }
    }
}
