//! Remembers what a step was made from, so that a second run does no work that is already done.
//!
//! A stamp holds a hash of the step's inputs and one of its outputs: an output that was deleted or edited by hand is
//! made again, and a file that was only touched is not.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A fingerprint of files. It finds change, not malice, so the hasher of the standard library will do.
#[derive(Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Adds a file, or every file below a folder, each with its name; a path that does not exist counts as such.
    pub(crate) fn path(mut self, path: &Path) -> Result<Self> {
        let files = files_below(path)?;
        self.0.write_usize(files.len());
        for file in files {
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            self.add(file.as_os_str().as_encoded_bytes());
            self.add(&content);
        }
        Ok(self)
    }

    pub(crate) fn finish(&self) -> String {
        format!("{:016x}", self.0.finish())
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.write_usize(bytes.len());
        self.0.write(bytes);
    }
}

/// The record of one step.
pub(crate) struct Stamp {
    file: PathBuf,
    inputs: String,
    outputs: PathBuf,
}

impl Stamp {
    pub(crate) fn new(file: PathBuf, inputs: &Fingerprint, outputs: PathBuf) -> Self {
        Self { file, inputs: inputs.finish(), outputs }
    }

    /// Whether the outputs are there, untouched, and made from these inputs.
    pub(crate) fn is_fresh(&self) -> Result<bool> {
        Ok(self.outputs.exists() && fs::read_to_string(&self.file).ok() == Some(self.record()?))
    }

    pub(crate) fn write(&self) -> Result<()> {
        fs::write(&self.file, self.record()?).with_context(|| format!("cannot write {}", self.file.display()))
    }

    fn record(&self) -> Result<String> {
        let outputs = Fingerprint::default().path(&self.outputs)?.finish();
        Ok(format!("inputs {}\noutputs {outputs}\n", self.inputs))
    }
}

/// Every file below `path` in a fixed order; `path` itself when it is a file; nothing when it does not exist.
pub(crate) fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        entries.push(entry?.path());
    }
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_below(&entry)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("payseal-stamp-{name}-{}", std::process::id()));
            fs::create_dir_all(path.join("out")).expect("a temporary folder");
            Self(path)
        }

        fn stamp(&self, input: &str) -> Result<Stamp> {
            fs::write(self.0.join("in"), input)?;
            let inputs = Fingerprint::default().path(&self.0.join("in"))?;
            Ok(Stamp::new(self.0.join("stamp"), &inputs, self.0.join("out")))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // Nothing depends on the folder being gone.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_stamp_is_fresh_until_an_input_or_an_output_changes() -> Result<()> {
        let folder = Folder::new("fresh");
        fs::write(folder.0.join("out/a"), "1")?;
        assert!(!folder.stamp("x")?.is_fresh()?);
        folder.stamp("x")?.write()?;
        assert!(folder.stamp("x")?.is_fresh()?);
        assert!(!folder.stamp("y")?.is_fresh()?);
        fs::write(folder.0.join("out/a"), "2")?;
        assert!(!folder.stamp("x")?.is_fresh()?);
        Ok(())
    }

    #[test]
    fn a_moved_byte_and_a_removed_file_change_the_fingerprint() -> Result<()> {
        let folder = Folder::new("moved");
        let read = || Fingerprint::default().path(&folder.0.join("out")).map(|all| all.finish());
        fs::write(folder.0.join("out/a"), "12")?;
        fs::write(folder.0.join("out/b"), "3")?;
        let before = read()?;
        fs::write(folder.0.join("out/a"), "1")?;
        fs::write(folder.0.join("out/b"), "23")?;
        assert_ne!(before, read()?);
        fs::write(folder.0.join("out/a"), "12")?;
        fs::write(folder.0.join("out/b"), "3")?;
        assert_eq!(before, read()?);
        fs::remove_file(folder.0.join("out/b"))?;
        assert_ne!(before, read()?);
        Ok(())
    }
}
