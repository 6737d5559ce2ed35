//! Every suite, one after the other, in view; a table of all of them at the end.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build::{self, Flavour};
use crate::panel;
use crate::stamp::files_below;
use crate::tools::Workspace;

/// The suites that `node --test` runs, one folder each below tests/, in this order.
const NODE_SUITES: [&str; 9] = ["data", "unit", "sheets", "sandbox", "interop", "packaging", "readme", "demo", PANEL];

/// The suite that needs the panel as well as the package.
const PANEL: &str = "panel";

struct Outcome {
    name: String,
    verdict: Verdict,
    time: Duration,
    /// What the suite named as not run: a missing host, a skipped test.
    absent: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
    /// Needs a build, and there is none. Counts as failed.
    NotRun,
}

/// Runs the suites, or only those named in `wanted`; `false` when one of them failed.
pub(crate) fn all(workspace: &Workspace, wanted: &[String]) -> Result<bool> {
    let names: BTreeSet<&str> = suites().map(|(name, _)| name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(name.as_str())) {
        bail!("no such suite: {unknown}; there are {}", suites().map(|(name, _)| name).collect::<Vec<_>>().join(", "));
    }
    workspace.prepare()?;
    // Where nobody looks at the table, a host that is missing must not pass for one that works.
    let strict = env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    let mut outcomes = Vec::new();
    // The JavaScript suites test the built package, so a build always comes first.
    let built = Outcome::of("build", strict, || build::all(workspace).map(|()| (true, Vec::new())));
    let broken = built.verdict != Verdict::Passed;
    outcomes.push(built);
    for (name, suite) in suites().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name)) {
        outcomes.push(if broken && suite.needs_build() {
            Outcome { name: name.to_owned(), verdict: Verdict::NotRun, time: Duration::ZERO, absent: Vec::new() }
        } else {
            Outcome::of(name, strict, || watch(&mut suite.command(workspace)?))
        });
    }
    Ok(report(&outcomes, strict))
}

#[derive(Clone, Copy)]
enum Suite {
    Cargo(&'static [&'static str]),
    /// A check of the Rust code as it is compiled for wasm.
    CargoWasm(&'static [&'static str], Flavour),
    Node(&'static [&'static str]),
    NodeTests(&'static str),
}

fn suites() -> impl Iterator<Item = (&'static str, Suite)> {
    let tools = [
        ("rustfmt", Suite::Cargo(&["fmt", "--all", "--check"])),
        ("clippy", Suite::Cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])),
        // The relaxed flavour compiles everything the plain one does, and the fused kernel besides.
        ("clippy-wasm", Suite::CargoWasm(&["clippy", "--quiet"], Flavour::Relaxed)),
        ("clippy-private", Suite::CargoWasm(&["clippy", "--quiet"], Flavour::Private)),
        ("clippy-files", Suite::CargoWasm(&["clippy", "--quiet"], Flavour::Files)),
        ("cargo-test", Suite::Cargo(&["test", "--quiet", "--workspace"])),
        (
            "biome",
            Suite::Node(&["node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "--error-on-warnings", "."]),
        ),
    ];
    let conformance = ("conformance", Suite::Node(&["tests/conformance/run.mjs"]));
    tools.into_iter().chain(NODE_SUITES.map(|name| (name, Suite::NodeTests(name)))).chain([conformance])
}

impl Suite {
    fn needs_build(self) -> bool {
        match self {
            Suite::Cargo(_) | Suite::CargoWasm(..) => false,
            Suite::Node(arguments) => arguments[0].starts_with("tests/"),
            Suite::NodeTests(_) => true,
        }
    }

    fn command(self, workspace: &Workspace) -> Result<Command> {
        let mut command = match self {
            Suite::Cargo(_) | Suite::CargoWasm(..) => workspace.cargo(),
            Suite::Node(_) | Suite::NodeTests(_) => workspace.node(),
        };
        match self {
            Suite::Cargo(arguments) | Suite::Node(arguments) => {
                command.args(arguments);
            }
            Suite::CargoWasm(arguments, flavour) => {
                command.args(arguments);
                build::for_wasm(workspace, &mut command, flavour)?.args(["--", "-D", "warnings"]);
            }
            Suite::NodeTests(name) => {
                if name == PANEL {
                    panel::build(workspace)?;
                }
                command
                    .args(["--test", "--test-reporter=spec"])
                    .args(node_tests(&workspace.root.join("tests").join(name))?);
            }
        }
        Ok(command)
    }
}

/// The test files of a folder. Named one by one: what `node --test FOLDER` means differs between Node 20 and 22.
fn node_tests(folder: &Path) -> Result<Vec<OsString>> {
    if !folder.is_dir() {
        bail!("the suite {} is missing", folder.display());
    }
    let is_test = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".test.mjs"));
    let mut files = files_below(folder)?;
    files.retain(|path| is_test(path) && !path.components().any(|part| part.as_os_str() == "node_modules"));
    if files.is_empty() {
        bail!("the suite {} has no *.test.mjs", folder.display());
    }
    Ok(files.into_iter().map(Into::into).collect())
}

/// Runs a command with its output in view, and collects the lines that name something as not run.
fn watch(command: &mut Command) -> Result<(bool, Vec<String>)> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start")?;
    let mut absent = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            io::stdout().write_all(&line)?;
            io::stdout().flush()?;
            absent.extend(names_absent(&String::from_utf8_lossy(&line)));
            line.clear();
        }
    }
    Ok((child.wait()?.success(), absent))
}

/// What a line of output says was not run: `not run: …` in our own runners, `﹣ …` in node's reporter, `… ignored` in cargo's.
fn names_absent(line: &str) -> Option<String> {
    let line = line.trim();
    let name = line.strip_prefix("not run: ").or_else(|| line.strip_prefix("﹣ "));
    name.or_else(|| line.strip_prefix("test ")?.strip_suffix(" ... ignored")).map(str::to_owned)
}

impl Outcome {
    fn of(name: &str, strict: bool, run: impl FnOnce() -> Result<(bool, Vec<String>)>) -> Self {
        println!("\n── {name}");
        let start = Instant::now();
        let (passed, absent) = run().unwrap_or_else(|error| {
            eprintln!("{name}: {error:#}");
            (false, Vec::new())
        });
        let passed = passed && (absent.is_empty() || !strict);
        let verdict = if passed { Verdict::Passed } else { Verdict::Failed };
        Self { name: name.to_owned(), verdict, time: start.elapsed(), absent }
    }
}

/// Prints the table; its last line is the one that other programs read.
fn report(outcomes: &[Outcome], strict: bool) -> bool {
    println!("\n{:<16}{:<10}{:>9}", "suite", "result", "time");
    for outcome in outcomes {
        let verdict = match outcome.verdict {
            Verdict::Passed => "passed",
            Verdict::Failed => "FAILED",
            Verdict::NotRun => "NOT RUN",
        };
        println!("{:<16}{verdict:<10}{:>7.1} s", outcome.name, outcome.time.as_secs_f64());
    }
    for outcome in outcomes {
        for absent in &outcome.absent {
            println!(
                "not run in {}: {absent}{}",
                outcome.name,
                if strict { " (CI is set, so the suite failed)" } else { "" }
            );
        }
    }
    let passed = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Passed).count();
    let failed = outcomes.len() - passed;
    println!("\n{passed} passed, {failed} failed");
    failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_run_is_found_in_the_output_of_every_runner() {
        assert_eq!(
            names_absent("not run: chromium (no browser found)\n").as_deref(),
            Some("chromium (no browser found)")
        );
        assert_eq!(
            names_absent("  ﹣ signs with a KMS (0.1ms) # SKIP\n").as_deref(),
            Some("signs with a KMS (0.1ms) # SKIP")
        );
        assert_eq!(names_absent("test slow::one ... ignored\n").as_deref(), Some("slow::one"));
        assert_eq!(names_absent("✔ was not run: never (1ms)\n"), None);
    }

    #[test]
    fn a_missing_host_passes_only_outside_of_ci() {
        let missing = || Ok((true, vec!["chromium".to_owned()]));
        assert!(Outcome::of("conformance", false, missing).verdict == Verdict::Passed);
        assert!(Outcome::of("conformance", true, missing).verdict == Verdict::Failed);
    }

    #[test]
    fn a_suite_that_does_not_exist_is_an_error() {
        assert!(node_tests(Path::new("tests/no-such-suite")).is_err());
    }
}
