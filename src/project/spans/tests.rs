use super::*;

fn parse_text(text: &str) -> (Option<Node>, Vec<String>) {
    let mut findings = Vec::new();
    let node = parse(&Arc::from("p.yaml"), text, &mut findings);
    (node, findings.iter().map(|f| format!("{} {}: {}", f.place, f.code, f.message)).collect())
}

#[test]
fn every_scalar_stays_what_was_written() {
    let (node, findings) = parse_text("a: 0410\nb: 1e5\nc: NO\nd: 1.10\ne: 2013-11-01\nf: ~\ng:\n");
    assert!(findings.is_empty());
    let node = node.unwrap();
    for (key, text) in [("a", "0410"), ("b", "1e5"), ("c", "NO"), ("d", "1.10"), ("e", "2013-11-01"), ("f", "~")] {
        assert!(matches!(&node.get(key).unwrap().content, Content::Text(own) if own == text), "{key}");
    }
    assert!(matches!(node.get("g").unwrap().content, Content::Empty));
}

#[test]
fn a_part_of_a_text_has_its_place() {
    let file: Arc<str> = Arc::from("p.yaml");
    let (node, _) =
        parse_text("keep: abc def\nquoted: \"abc def\"\nblock: |\n  abc\n  abc def\nescaped: \"a\\tc def\"\n");
    let node = node.unwrap();
    let part = |key: &str, line, column| node.get(key).unwrap().spot.part(&file, line, column, 3).to_string();
    assert_eq!(part("keep", 1, 5), "p.yaml:1:11");
    assert_eq!(part("quoted", 1, 5), "p.yaml:2:14");
    assert_eq!(part("block", 2, 5), "p.yaml:5:7");
    assert_eq!(part("escaped", 1, 5), "p.yaml:6:10", "an escaped text is shown as a whole");
}

#[test]
fn what_yaml_would_hide_is_refused() {
    for (text, expected) in [
        ("a: 1\nb: 2\na: 3\n", "p.yaml:3:1 duplicate-key: `a` is already set"),
        ("a:\n\tb: 1\n", "p.yaml:2:1 yaml-tab: a tab indents this line"),
        ("a: !!int 5\n", "p.yaml:1:4 yaml-tag: tags are not read"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "p.yaml:3:3 yaml-merge-key: merge keys are not read"),
        ("a: 1\n---\nb: 2\n", "p.yaml:2:1 yaml-documents: a second document begins here"),
        ("{{ x }}: 1\n", "p.yaml:1:2 yaml-syntax: a mapping cannot be a key"),
    ] {
        assert_eq!(parse_text(text).1, [expected], "{text}");
    }
    let deep = format!("a: {}{}", "[".repeat(40), "]".repeat(40));
    assert!(parse_text(&deep).1[0].contains("yaml-too-deep"));
    let (_, findings) = parse_text(&format!("a: {}", "[".repeat(100_000)));
    assert!(findings[0].contains("yaml-too-deep"), "{findings:?}");
    assert!(parse_text("a: [1, 2\nb: 3\n").1[0].contains("yaml-syntax"));
}

#[test]
fn an_alias_bomb_ends_before_it_is_copied() {
    let mut bomb = String::from("l0: &l0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..25 {
        let below = level - 1;
        bomb.push_str(&format!("l{level}: &l{level} [{}]\n", vec![format!("*l{below}"); 9].join(", ")));
    }
    let (node, findings) = parse_text(&bomb);
    assert!(node.is_none());
    assert_eq!(findings.len(), 1);
    assert!(findings[0].contains("yaml-alias-bomb"), "{findings:?}");
    let (node, findings) = parse_text("a: &x [1, 2]\nb: *x\n");
    assert!(node.is_some() && findings.is_empty(), "a harmless alias is fine");
}
