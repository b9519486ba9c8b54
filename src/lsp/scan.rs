//! The lines of a YAML text before a cursor, read for their indentation, brackets and quotes.

use super::cursor::{At, Step};

/// What stands open after the lines so far.
#[derive(Debug, Default)]
pub struct Scan {
    block: Vec<Frame>,
    flow: Vec<Flow>,
    /// A text in quotes that goes on.
    quote: Option<char>,
    /// A text in a block, under a key at this indentation.
    text: Option<usize>,
    mark: Option<Mark>,
    beside: Option<Vec<String>>,
}

/// A mapping or a list by indentation.
#[derive(Debug)]
enum Frame {
    Map { indent: usize, key: String, keys: Vec<String>, valued: bool },
    List { indent: usize, index: usize },
}

/// A mapping or a list in brackets.
#[derive(Debug)]
enum Flow {
    Map { key: Option<String>, keys: Vec<String> },
    List { index: usize },
}

/// What a cut line ends in.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub at: At,
    /// The column where its word begins.
    pub start: usize,
    pub quote: Option<char>,
    pub flow: bool,
}

/// The mapping whose keys are wanted: the position of its frame.
#[derive(Clone, Copy, Debug)]
pub enum Mark {
    Block(usize),
    Flow(usize),
}

impl Mark {
    pub fn of(scan: &Scan, spot: &Spot) -> Option<Mark> {
        match (spot.at, spot.flow) {
            (At::Key, true) => Some(Mark::Flow(scan.flow.len())),
            (At::Key, false) => Some(Mark::Block(scan.block.len())),
            // The mapping may go on below, with keys that are there already.
            (At::Start, false) => Some(Mark::Block(scan.block.len() + 1)),
            _ => None,
        }
    }
}

impl Frame {
    fn indent(&self) -> usize {
        match self {
            Frame::Map { indent, .. } | Frame::List { indent, .. } => *indent,
        }
    }
}

impl Scan {
    /// Reads a line. Of a line that is `cut` at the cursor the result is what the cursor is in.
    pub fn line(&mut self, line: &[char], cut: bool) -> Option<Spot> {
        let indent = line.iter().take_while(|letter| **letter == ' ').count();
        let blank = indent == line.len();
        if self.quote.is_some() || !self.flow.is_empty() {
            // What goes on is indented deeper. Else somebody has not written the end yet.
            let outside = self.block.last().is_some_and(|frame| indent <= frame.indent());
            if blank || !outside || matches!(line.get(indent), Some('}' | ']' | '"' | '\'')) {
                return self.go_on(line, 0);
            }
            self.quote = None;
            while !self.flow.is_empty() {
                self.pop_flow();
            }
        }
        if let Some(parent) = self.text {
            let ends = if blank { cut && indent <= parent } else { indent <= parent };
            if !ends {
                return Some(Spot { at: At::Block, start: 0, quote: None, flow: false });
            }
            self.text = None;
        }
        if (blank && !cut) || line.get(indent) == Some(&'#') {
            return None;
        }
        self.close_deeper(indent, line.get(indent) == Some(&'-'));
        if let Some(Frame::Map { indent: own, valued: true, .. }) = self.block.last()
            && *own < indent
        {
            return Some(Spot { at: At::Value, start: indent, quote: None, flow: false });
        }
        let at = self.items(line, indent);
        self.node(line, at)
    }

    /// Closes what is indented deeper than a line, and the list that the line is no item of.
    fn close_deeper(&mut self, indent: usize, item: bool) {
        while let Some(frame) = self.block.last() {
            let ends_list = matches!(frame, Frame::List { indent: own, .. } if *own == indent && !item);
            if frame.indent() <= indent && !ends_list {
                break;
            }
            self.pop_block();
        }
    }

    fn pop_block(&mut self) {
        let depth = self.block.len();
        let frame = self.block.pop();
        if let (Some(Mark::Block(mark)), None) = (self.mark, &self.beside)
            && depth <= mark
        {
            let keys = match frame {
                Some(Frame::Map { keys, .. }) if depth == mark => keys,
                _ => Vec::new(),
            };
            self.beside = Some(keys);
        }
    }

    /// Reads the dashes that begin a line; gives the column behind them.
    fn items(&mut self, line: &[char], indent: usize) -> usize {
        let mut at = indent;
        while line.get(at) == Some(&'-') && line.get(at + 1).is_none_or(|next| *next == ' ') {
            match self.block.last_mut() {
                Some(Frame::List { indent, index }) if *indent == at => *index += 1,
                _ => self.block.push(Frame::List { indent: at, index: 0 }),
            }
            at += 1;
            at += line[at..].iter().take_while(|letter| **letter == ' ').count();
        }
        at
    }

    /// Reads a key with its value, or a text.
    fn node(&mut self, line: &[char], at: usize) -> Option<Spot> {
        let in_map = matches!(self.block.last(), Some(Frame::Map { indent, .. }) if *indent == at);
        let begun = if in_map { At::Key } else { At::Start };
        let (start, end, quote) = match line.get(at) {
            Some(quote @ ('"' | '\'')) => match closing(line, at + 1, *quote) {
                Some(end) => (at + 1, end, Some(*quote)),
                // A first word in an open quote is a text that may go on, if it is no key.
                None => return Some(Spot { at: begun, start: at + 1, quote: Some(*quote), flow: false }),
            },
            Some('{' | '[' | '|' | '>') => return self.value(line, at),
            _ => match key_end(line, at) {
                Some(end) => (at, end, None),
                None if has_comment(line, at) => return None,
                None => return Some(Spot { at: begun, start: at, quote: None, flow: false }),
            },
        };
        let colon = end + usize::from(quote.is_some());
        if line.get(colon) != Some(&':') {
            return None;
        }
        let key: String = line[start..end].iter().collect();
        match self.block.last_mut() {
            Some(Frame::Map { indent, key: own, keys, valued }) if *indent == at => {
                keys.push(key.clone());
                (*own, *valued) = (key, false);
            }
            _ => self.block.push(Frame::Map { indent: at, keys: vec![key.clone()], key, valued: false }),
        }
        let value = colon + 1 + line[colon + 1..].iter().take_while(|letter| **letter == ' ').count();
        self.value(line, value)
    }

    /// Reads what stands behind a key or a dash.
    fn value(&mut self, line: &[char], at: usize) -> Option<Spot> {
        let plain = Spot { at: At::Value, start: at, quote: None, flow: false };
        let Some(first) = line.get(at) else { return Some(plain) };
        let parent = self.block.last().map_or(0, Frame::indent);
        if let Some(Frame::Map { valued, .. }) = self.block.last_mut() {
            *valued = *first != '#';
        }
        match first {
            '{' | '[' => self.go_on(line, at),
            '|' | '>' => {
                self.text = Some(parent);
                None
            }
            '#' => None,
            '"' | '\'' => {
                self.quote = Some(*first);
                self.go_on(line, at + 1).map(|spot| Spot { start: at + 1, ..spot })
            }
            _ if has_comment(line, at) => None,
            _ => Some(plain),
        }
    }

    /// Reads on inside brackets or quotes.
    fn go_on(&mut self, line: &[char], from: usize) -> Option<Spot> {
        let mut at = from;
        if let Some(quote) = self.quote {
            match closing(line, at, quote) {
                None => return Some(self.spot(at, Some(quote))),
                Some(end) => (self.quote, at) = (None, end + 1),
            }
        }
        loop {
            at += line[at.min(line.len())..].iter().take_while(|letter| **letter == ' ').count();
            let Some(letter) = line.get(at).filter(|_| !self.flow.is_empty() || at == from) else { break };
            match letter {
                '{' => self.flow.push(Flow::Map { key: None, keys: Vec::new() }),
                '[' => self.flow.push(Flow::List { index: 0 }),
                '}' | ']' => self.pop_flow(),
                ',' => self.next(),
                '#' if at == 0 || line[at - 1] == ' ' => return None,
                ':' => {}
                quote @ ('"' | '\'') => {
                    let Some(end) = closing(line, at + 1, *quote) else {
                        self.quote = Some(*quote);
                        return Some(self.spot(at + 1, Some(*quote)));
                    };
                    self.word(line, at + 1, end, end + 1);
                    at = end;
                    // Behind a finished text there is nothing to write.
                    if at + 1 == line.len() {
                        return None;
                    }
                }
                _ => {
                    let end = flow_word(line, at, self.in_key());
                    if end == line.len() {
                        return Some(self.spot(at, None));
                    }
                    self.word(line, at, end, end);
                    at = end - 1;
                }
            }
            at += 1;
        }
        (!self.flow.is_empty()).then(|| self.spot(line.len(), None))
    }

    fn in_key(&self) -> bool {
        matches!(self.flow.last(), Some(Flow::Map { key: None, .. }))
    }

    fn spot(&self, start: usize, quote: Option<char>) -> Spot {
        let at = match self.flow.last() {
            Some(Flow::Map { key: None, .. }) => At::Key,
            Some(Flow::List { .. }) => At::Start,
            Some(Flow::Map { .. }) | None => At::Value,
        };
        Spot { at, start, quote, flow: !self.flow.is_empty() }
    }

    /// A finished word in brackets: a key, if a colon follows.
    fn word(&mut self, line: &[char], start: usize, end: usize, behind: usize) {
        let colon = line[behind..].iter().find(|letter| **letter != ' ') == Some(&':');
        if let Some(Flow::Map { key: key @ None, keys }) = self.flow.last_mut()
            && colon
        {
            let name: String = line[start..end].iter().collect();
            let name = name.trim_end().to_owned();
            keys.push(name.clone());
            *key = Some(name);
        }
    }

    fn next(&mut self) {
        match self.flow.last_mut() {
            Some(Flow::Map { key, .. }) => *key = None,
            Some(Flow::List { index }) => *index += 1,
            None => {}
        }
    }

    fn pop_flow(&mut self) {
        let depth = self.flow.len();
        let flow = self.flow.pop();
        if let (Some(Mark::Flow(mark)), None, Some(Flow::Map { keys, .. })) = (self.mark, &self.beside, flow)
            && depth == mark
        {
            self.beside = Some(keys);
        }
    }

    /// The way to the spot.
    pub fn path(&self, spot: &Spot) -> Vec<Step> {
        let own_map = spot.at == At::Key && !spot.flow;
        let frames = self.block.iter().take(self.block.len() - usize::from(own_map && !self.block.is_empty()));
        let block = frames.map(|frame| match frame {
            Frame::Map { key, .. } => Step::Key(key.clone()),
            Frame::List { index, .. } => Step::Item(*index),
        });
        let flow = self.flow.iter().filter_map(|flow| match flow {
            Flow::Map { key, .. } => key.clone().map(Step::Key),
            Flow::List { index } => Some(Step::Item(*index)),
        });
        block.chain(flow).collect()
    }

    /// The keys of the marked mapping, with those behind the cursor's word, which ends at `end` of its line.
    pub fn beside(
        mut self,
        mark: Option<Mark>,
        line: &[char],
        end: usize,
        rest: impl Iterator<Item = Vec<char>>,
    ) -> Vec<String> {
        let Some(mark) = mark else { return Vec::new() };
        self.mark = Some(mark);
        if matches!(mark, Mark::Flow(_)) {
            self.quote = None;
            // The word itself is no key beside itself.
            if let Some(Flow::Map { key, .. }) = self.flow.last_mut() {
                *key = Some(String::new());
            }
            self.go_on(line, end);
        }
        for line in rest {
            if self.beside.is_some() {
                break;
            }
            self.line(&line, false);
        }
        let open = match mark {
            Mark::Block(depth) => self.block.get(depth.wrapping_sub(1)).map(|frame| match frame {
                Frame::Map { keys, .. } => keys.clone(),
                Frame::List { .. } => Vec::new(),
            }),
            Mark::Flow(depth) => self.flow.get(depth.wrapping_sub(1)).map(|flow| match flow {
                Flow::Map { keys, .. } => keys.clone(),
                Flow::List { .. } => Vec::new(),
            }),
        };
        self.beside.or(open).unwrap_or_default()
    }
}

/// The position of the quote that closes a text.
pub fn closing(line: &[char], from: usize, quote: char) -> Option<usize> {
    let mut at = from;
    while let Some(letter) = line.get(at) {
        match letter {
            '\\' if quote == '"' => at += 1,
            letter if *letter == quote => {
                // In single quotes, two of them are one.
                if quote == '\'' && line.get(at + 1) == Some(&'\'') {
                    at += 1;
                } else {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The colon behind a plain key.
fn key_end(line: &[char], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(letter) = line.get(at) {
        match letter {
            ':' if line.get(at + 1).is_none_or(|next| *next == ' ') => return Some(at),
            '#' if at > 0 && line[at - 1] == ' ' => return None,
            _ => at += 1,
        }
    }
    None
}

fn has_comment(line: &[char], from: usize) -> bool {
    (from.max(1)..line.len()).any(|at| line[at] == '#' && line[at - 1] == ' ')
}

/// Where a plain word in brackets ends.
fn flow_word(line: &[char], from: usize, key: bool) -> usize {
    let ends = |at: usize| match line[at] {
        ',' | '}' | ']' | '{' | '[' => true,
        ':' => key || line.get(at + 1).is_none_or(|next| *next == ' '),
        '#' => line[at - 1] == ' ',
        _ => false,
    };
    (from + 1..line.len()).find(|at| ends(*at)).unwrap_or(line.len())
}
