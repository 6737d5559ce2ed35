//! `cargo xtask`: the one way to build, test, measure and demonstrate payseal.

mod build;
mod panel;
mod stamp;
mod test;
mod tools;

use std::process::ExitCode;

use anyhow::{Result, bail};
use tools::Workspace;

const USAGE: &str = "\
usage: cargo xtask <verb>

  build                          the wasm module, its glue and the npm package in pkg/
  test [SUITE...]                build and run every suite, or only the ones named
  demo [wechat|pingpp] [FILE]    pay everybody in FILE through the sandbox (default: 3,000 payees, or 400 over eight channels)
  bench [--quick] [--only S1,S8] speed, size and memory against what people use otherwise; writes target/bench.json and bench.md
  panel [--port PORT]            serve the admin panel on this machine, and print its address
  help                           this text";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one verb; `false` means that it ran and that what it ran did not succeed.
fn run(arguments: &[String]) -> Result<bool> {
    let workspace = Workspace::find()?;
    let (verb, rest) = match arguments.split_first() {
        Some((verb, rest)) => (verb.as_str(), rest),
        None => ("", arguments),
    };
    match verb {
        "build" => build::all(&workspace).map(|()| true),
        "test" => test::all(&workspace, rest),
        "demo" => demo(&workspace, rest),
        "bench" => {
            build::all(&workspace)?;
            tools::status(workspace.node().arg("xtask/js/bench.mjs").args(rest))
        }
        "panel" => panel::serve(&workspace, rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(true)
        }
        "" => bail!("which verb?\n{USAGE}"),
        other => bail!("no such verb: {other}\n{USAGE}"),
    }
}

fn demo(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    let (provider, files) = match arguments.split_first() {
        Some((first, rest)) if first == "wechat" || first == "pingpp" => (first.as_str(), rest),
        _ => ("wechat", arguments),
    };
    let (script, example) = match provider {
        "pingpp" => ("xtask/js/demo-pingpp.mjs", "tests/data/pingpp/payouts-mixed.json"),
        _ => ("xtask/js/demo.mjs", "tests/data/payouts-3000.csv"),
    };
    let file = match files {
        [] => workspace.root.join(example),
        // As the user means it, in whatever folder that is; the script runs in ours.
        [file] => std::path::absolute(file)?,
        _ => bail!("demo takes one file\n{USAGE}"),
    };
    build::all(workspace)?;
    tools::status(workspace.node().args([script, provider]).arg(file))
}
