//! Cuts a JSON answer into the objects of one list, as its bytes arrive.
//!
//! Only the object at hand is in memory, and one that lies within a single chunk is not even copied. What surrounds
//! the list (paging, report columns) is small and kept as an envelope with the list emptied. Parsing the whole body,
//! or an untyped tree of it, would cost more memory than a company's facts themselves.

/// The largest object, and the largest envelope, that is still believed to be an answer.
const LARGEST: usize = 4 << 20;

/// Why the bytes are not the list they should be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotAList {
    #[error("it is a web page, not JSON")]
    WebPage,
    #[error("it is not the JSON that was asked for ({0})")]
    Malformed(String),
    #[error("it ends in the middle")]
    Incomplete,
    #[error("a part of it is larger than {} MiB", LARGEST >> 20)]
    TooLarge,
}

/// Where the list stands in the answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum List {
    /// The answer is the list.
    Whole,
    /// The list, or the map of objects, is this member of the answer.
    Member(&'static str),
}

/// The state between two chunks.
#[derive(Debug)]
pub(super) struct Objects {
    list: List,
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The nesting depth inside the list, once it began; 0 before.
    list_depth: u32,
    list_ended: bool,
    in_object: bool,
    /// The beginning of an object that goes on in the next chunk.
    object: Vec<u8>,
    /// The last string outside the list: a member's name, when a bracket follows.
    name: Vec<u8>,
    envelope: Vec<u8>,
}

impl Objects {
    pub(super) fn new(list: List) -> Objects {
        Objects {
            list,
            depth: 0,
            in_string: false,
            escaped: false,
            list_depth: 0,
            list_ended: false,
            in_object: false,
            object: Vec::new(),
            name: Vec::new(),
            envelope: Vec::new(),
        }
    }

    /// Takes the next bytes and gives each object that they complete to `each`.
    ///
    /// # Errors
    /// When the bytes cannot be the list, or `each` says so.
    pub(super) fn feed<E: From<NotAList>>(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut start, mut at) = (0, 0);
        while at < bytes.len() {
            if self.in_object {
                at += self.plain(&bytes[at..]);
            }
            let Some(&byte) = bytes.get(at) else { break };
            at += 1;
            if self.in_string {
                self.inside_string(byte)?;
                continue;
            }
            if self.in_object {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => {
                        self.depth -= 1;
                        if self.depth == self.list_depth {
                            self.in_object = false;
                            self.complete(&bytes[start..at], &mut each)?;
                        }
                    }
                    _ => {}
                }
            } else if self.in_list() {
                if byte == b'{' {
                    (self.in_object, start) = (true, at - 1);
                    self.depth += 1;
                } else {
                    self.between_objects(byte)?;
                }
            } else {
                self.around_the_list(byte)?;
            }
        }
        if self.in_object {
            self.object.extend_from_slice(&bytes[start..]);
            if self.object.len() > LARGEST {
                return Err(NotAList::TooLarge.into());
            }
        }
        Ok(())
    }

    /// What stood around the list.
    ///
    /// # Errors
    /// When the answer ended before the list did, or there was none.
    pub(super) fn finish(self) -> Result<Vec<u8>, NotAList> {
        if self.depth > 0 || self.in_string {
            return Err(NotAList::Incomplete);
        }
        if !self.list_ended {
            let empty = self.envelope.iter().all(u8::is_ascii_whitespace);
            return Err(if empty {
                NotAList::Malformed("it is empty".into())
            } else {
                match self.list {
                    List::Whole => NotAList::Malformed("no list where one should be".into()),
                    List::Member(name) => NotAList::Malformed(format!("`{name}` is missing")),
                }
            });
        }
        Ok(self.envelope)
    }

    /// How many bytes of an object can be passed over, because nothing in them can change where we are.
    fn plain(&self, bytes: &[u8]) -> usize {
        let found = match (self.in_string, self.escaped) {
            (true, true) => Some(0),
            (true, false) => bytes.iter().position(|byte| matches!(byte, b'"' | b'\\')),
            (false, _) => bytes.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')),
        };
        found.unwrap_or(bytes.len())
    }

    fn in_list(&self) -> bool {
        self.list_depth > 0 && !self.list_ended
    }

    fn inside_string(&mut self, byte: u8) -> Result<(), NotAList> {
        let ends = byte == b'"' && !self.escaped;
        self.escaped = byte == b'\\' && !self.escaped;
        self.in_string = !ends;
        if !self.in_object && !self.in_list() {
            if !ends && self.name.len() < 64 {
                self.name.push(byte);
            }
            self.keep(byte)?;
        }
        Ok(())
    }

    fn complete<E: From<NotAList>>(
        &mut self,
        end: &[u8],
        each: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.object.is_empty() {
            return each(end);
        }
        self.object.extend_from_slice(end);
        let result = each(&self.object);
        self.object.clear();
        result
    }

    fn between_objects(&mut self, byte: u8) -> Result<(), NotAList> {
        match byte {
            b']' | b'}' => {
                self.depth -= 1;
                self.list_ended = true;
                self.keep(byte)
            }
            // A map of objects has names between them; the objects name themselves, too.
            b'"' => {
                self.in_string = true;
                Ok(())
            }
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => Ok(()),
            _ => Err(NotAList::Malformed("the list holds something else than objects".into())),
        }
    }

    fn around_the_list(&mut self, byte: u8) -> Result<(), NotAList> {
        match byte {
            b'<' if self.depth == 0 => return Err(NotAList::WebPage),
            b'"' => {
                self.in_string = true;
                self.name.clear();
            }
            b'[' | b'{' => {
                self.depth += 1;
                let begins = match self.list {
                    List::Whole => self.depth == 1 && byte == b'[',
                    List::Member(name) => self.depth == 2 && self.name == name.as_bytes(),
                };
                if begins && self.list_depth == 0 {
                    self.list_depth = self.depth;
                }
            }
            b']' | b'}' => {
                self.depth =
                    self.depth.checked_sub(1).ok_or_else(|| NotAList::Malformed("a bracket too many".into()))?;
            }
            _ => {}
        }
        self.keep(byte)
    }

    fn keep(&mut self, byte: u8) -> Result<(), NotAList> {
        if self.envelope.len() >= LARGEST {
            return Err(NotAList::TooLarge);
        }
        self.envelope.push(byte);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The objects and the envelope of `text`, fed in chunks of `size` bytes.
    fn cut(list: List, text: &str, size: usize) -> Result<(Vec<String>, String), NotAList> {
        let mut objects = Objects::new(list);
        let mut found = Vec::new();
        for chunk in text.as_bytes().chunks(size) {
            objects.feed(chunk, |object| {
                found.push(String::from_utf8(object.to_vec()).unwrap());
                Ok::<(), NotAList>(())
            })?;
        }
        Ok((found, String::from_utf8(objects.finish()?).unwrap()))
    }

    #[test]
    fn every_chunking_gives_the_same_objects() {
        let page = r#" {"title":"data","data":[{"a":"]}\"{"},{"b":[{"c":{}}]}, {}],"meta":{"data":[1]}} "#;
        for size in 1..page.len() + 1 {
            let (objects, envelope) = cut(List::Member("data"), page, size).unwrap();
            assert_eq!(objects, [r#"{"a":"]}\"{"}"#, r#"{"b":[{"c":{}}]}"#, "{}"], "{size}");
            assert_eq!(envelope.trim(), r#"{"title":"data","data":[],"meta":{"data":[1]}}"#, "{size}");
        }
    }

    #[test]
    fn a_map_of_objects_is_a_list_too_and_php_writes_an_empty_one_as_an_array() {
        let map = r#"{"latest":"x","employees":{"1":{"id":"1"},"2":{"id":"2"}}}"#;
        assert_eq!(cut(List::Member("employees"), map, 7).unwrap().0, [r#"{"id":"1"}"#, r#"{"id":"2"}"#]);
        let empty = r#"{"employees":[],"latest":"x"}"#;
        assert_eq!(cut(List::Member("employees"), empty, 3).unwrap().0.len(), 0);
        assert_eq!(cut(List::Whole, "[]", 1).unwrap().0.len(), 0);
    }

    #[test]
    fn what_is_no_list_is_named() {
        let refused = |list, text| cut(list, text, 5).unwrap_err();
        assert_eq!(refused(List::Whole, "<!DOCTYPE html><html></html>"), NotAList::WebPage);
        assert_eq!(refused(List::Whole, r#"[{"a":1},{"b""#), NotAList::Incomplete);
        assert_eq!(refused(List::Whole, ""), NotAList::Malformed("it is empty".into()));
        assert_eq!(refused(List::Whole, r#"{"error":"x"}"#), NotAList::Malformed("no list where one should be".into()));
        assert_eq!(refused(List::Member("data"), "{}"), NotAList::Malformed("`data` is missing".into()));
        assert!(matches!(refused(List::Whole, "[1,2]"), NotAList::Malformed(_)));
    }
}
