//! Comments as they are typed and as they are shown.

use std::time::Duration;

use super::{Markup, Names};
use crate::clock::cpu_time;

fn render(text: &str) -> String {
    Markup::from_markdown(text, &Names::new()).to_string()
}

/// What is visible, with every run of blanks as one.
fn shown(text: &str) -> String {
    let page = scraper::Html::parse_fragment(&render(text));
    let text: String = page.root_element().text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn markdown_is_rendered() {
    assert_eq!(render("**bold** and `code`").trim(), "<p><strong>bold</strong> and <code>code</code></p>");
    for (typed, element) in [
        ("_really_", "<em>really</em>"),
        ("(*maybe*), **no**.", "<em>maybe</em>"),
        ("**_both_**", "<strong><em>both</em></strong>"),
        ("__two words__!", "<strong>two words</strong>"),
        ("~~gone~~", "<del>gone</del>"),
        ("* item", "<li>item</li>"),
        ("> quoted", "<blockquote>"),
        ("a\n\n***\n\nb", "<hr>"),
        ("|a|b|\n|-|-|\n|**c**|d|", "<td><strong>c</strong></td>"),
        ("<https://example.org/a?b=1&c=2>", "href=\"https://example.org/a?b=1&amp;c=2\""),
    ] {
        assert!(render(typed).contains(element), "{typed}: {}", render(typed));
    }
}

#[test]
fn html_in_a_comment_is_text() {
    let html = render("<script>alert(1)</script>");
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
    assert!(!render("a <img src=x onerror=alert(1)> b").contains("<img"));
    assert_eq!(shown("&lt;b&gt; &#x41; <!-- hidden --> <b>x</b>"), "&lt;b&gt; &#x41; <!-- hidden --> <b>x</b>");
}

#[test]
fn links_cannot_run_anything_and_images_are_not_loaded() {
    assert!(!render("[x](javascript:alert(1))").contains("<a"));
    assert!(!render("![x](https://evil.example/pixel.png)").contains("<img"));
    assert!(render("[x](https://example.org)").contains("noreferrer"));
}

#[test]
fn a_backslash_is_a_backslash() {
    for typed in [
        r"C:\__lab_group\__\sample and CORP\_svc_sql and \\fs01\c$\_stage_",
        r"\\?\C:\*\[x]\#1\!\~tmp\`a \* \_ \\ \& \<",
        r"C:\Users\",
        r"dir C:\temp\*.exe C:\*\x\* **\bin\**",
    ] {
        assert_eq!(shown(typed), typed);
        assert!(!render(typed).contains("<em>") && !render(typed).contains("<strong>"), "{}", render(typed));
    }
    assert_eq!(shown("one\\\ntwo"), "one\\ two");
    assert!(render(r"[log](https://example.org/a\_b)").contains("href=\"https://example.org/a%5C_b\""));
}

#[test]
fn paths_identifiers_globs_and_policies_have_no_emphasis() {
    for typed in [
        "snake_case_name, __init__, __init__.py and _private_var",
        "/opt/_stage_/x_y_z and ./_build_/*/obj/*",
        "*.exe and *.dll, *foo.* and *.*",
        r#"{"Action": "*", "Resource": "*"}"#,
        "SELECT * FROM t WHERE a*b*c",
        "f(*args, **kwargs)",
        "https://example.org/a_b_/c*d*?e=_f_&g=1",
        "PROGRA~1 and MICROS~1, ~/x~ and a~~b~~c",
        "_file_.txt",
        "file_.txt_",
    ] {
        assert_eq!(shown(typed), typed);
        assert!(!["<em>", "<strong>", "<del>"].iter().any(|tag| render(typed).contains(tag)), "{}", render(typed));
    }
}

#[test]
fn what_is_not_loaded_or_linked_is_shown_as_it_was_typed() {
    for typed in [
        "![proof](http://evil.example/p.png)",
        "![](http://evil.example/p.png \"title\")",
        "see ![a **b**](x.png) there".replace("**", "").as_str(),
        "[x](javascript:alert(1))",
        "table[i](x) = 1",
        "[share](file://fs01/c$) and [page](/incidents/1)",
        "[sshd]: Failed",
        "[1]: https://example.org \"title\"",
    ] {
        assert_eq!(shown(typed), typed);
    }
    assert_eq!(shown("[](https://example.org)"), "https://example.org");
    assert_eq!(shown("[a](https://example.org \"b\")"), "a (b)");
    assert_eq!(shown("[![a](i.png)](https://example.org)"), "![a](i.png)");
}

#[test]
fn code_is_kept_as_it_was_typed() {
    let log = "10:00 <a> & \\x41 *_~ [e]: f\n\n  | x | __y__\n    # $(z)";
    for typed in
        [format!("```\n{log}\n```"), format!("~~~\n{log}\n~~~"), format!("    {}", log.replace('\n', "\n    "))]
    {
        let page = scraper::Html::parse_fragment(&render(&typed));
        let code = page.select(&scraper::Selector::parse("pre code").unwrap()).next();
        assert_eq!(code.unwrap().text().collect::<String>().trim_end_matches('\n'), log, "{}", render(&typed));
    }
    assert!(render(r"`C:\a_b_\*.exe &lt;`").contains(r"<code>C:\a_b_\*.exe &amp;lt;</code>"));
    assert_eq!(shown("```Failed password for root\nline\n```"), "Failed password for root line");
}

#[test]
fn numbers_of_items_and_cells_beyond_the_last_column_are_kept() {
    let html = render("4625. failed\n4624. succeeded");
    assert!(html.contains("<li value=\"4625\">failed</li>") && html.contains("<li value=\"4624\">"), "{html}");
    assert_eq!(shown("|a|b|\n|-|-|\n|1|2|3|4|"), "ab 12 | 3|4");
}

/// Letters and digits in their order, whatever stands between them.
#[test]
fn no_letter_or_digit_that_was_typed_is_lost() {
    let marks = [
        "*", "_", "`", "~", "[", "](", ")", "!", "<", ">", "\\", "&", ";", "|", "\n", "    ", "#", "-", ":", "\"", " ",
        "1. ",
    ];
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let typed: String = (0..random.usize(1..14))
            .map(|_| {
                if random.bool() {
                    random.alphabetic().to_string()
                } else {
                    marks[random.usize(..marks.len())].to_owned()
                }
            })
            .collect();
        let html = render(&typed);
        // The address of a link is in its attribute.
        let visible = if html.contains("<a ") { continue } else { shown(&typed) };
        assert_eq!(letters(&visible), letters(&typed), "{typed:?}: {html}");
    }
}

#[test]
fn what_is_nested_deeper_or_has_more_cells_than_anybody_writes_is_shown_as_typed() {
    let emphasis = "*a **b ".repeat(30) + &"c** d* ".repeat(30);
    let table = "a|".repeat(300) + "\n" + &"-|".repeat(300) + "\n" + &"a\n".repeat(10_000);
    for text in ["> ".repeat(15_000), ">".repeat(30_000), "1. ".repeat(10_000), "+ ".repeat(15_000), emphasis, table] {
        let html = render(&text);
        assert!(html.starts_with("<pre><code>") && html.matches('<').count() == 4, "{html:.200}");
        assert!(html.contains(text.trim_end()) || html.contains("&gt;"));
    }
    assert!(render(&("> ".repeat(20) + "quoted twenty times")).contains("<blockquote>"));
}

#[test]
fn rendering_a_comment_of_any_marks_takes_time_in_proportion_to_its_length() {
    let pieces = [
        "&", "<", "\\", "*_", "_a", "a_", "*_*.", "_*~", "a_a", "__a", "> ", "1. ", "[", "[](", "![", "`a", "|",
        "\n|-", "> - ", "+ ", "_*", "[x]: y\n", "<http://", "\n- ", "**a_", "'*'", "~~a", "](", "<a", "a*_.", "\n> > ",
    ];
    let time = |piece: &str, length: usize| {
        let text = piece.repeat(length / piece.len());
        let measure = || cpu_time(|| drop(render(&text)));
        (0..2).map(|_| measure()).min().unwrap_or_default()
    };
    for piece in pieces {
        let (short, long) = (time(piece, 7_500), time(piece, 30_000));
        assert!(long < short * 9 + Duration::from_millis(50), "{piece:?}: {short:?}, then {long:?}");
    }
}

#[test]
fn people_who_are_mentioned_are_marked() {
    let names: Names = [("ben_ali".to_owned(), 1), ("<i>".to_owned(), 2)].into();
    let marked = |text: &str| Markup::from_markdown(text, &names).to_string();
    assert_eq!(marked("Hi @Ben_Ali!").trim(), "<p>Hi <b>@Ben_Ali</b>!</p>");
    assert_eq!(marked("Hi @<i>!").trim(), "<p>Hi <b>@&lt;i&gt;</b>!</p>");
    assert!(!marked("`@ben_ali` x@ben_ali @nobody").contains("<b>"));
}
