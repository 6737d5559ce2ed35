//! The stages of a payout, natively: 3,000 payees from the bytes of a sheet to signed bodies.
//!
//! `cargo bench` measures them. It finds out which stage became slower, not how fast the package is: natively the RSA kernels work on scalars.
//! `cargo xtask bench` measures the package.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use payseal::entropy::Entropy;
use payseal::key::{PrivateKey, PublicKey};
use payseal::sheet::{self, Encoding, Grid, Mapping};
use payseal::wechat::{self, BATCH_COLUMNS, Batch, Limits, Names};
use payseal::{encrypt, sign, verify};

const SHEET: &[u8] = include_bytes!("../tests/data/payouts-3000.csv");

const HEAD: &str =
    r#"{"appid":"wxf636efh567hg4356","out_batch_no":"plfk2026112201","batch_name":"工资","batch_remark":"11月工资"}"#;

/// The same in every run, so that runs can be compared.
const fn entropy() -> Entropy {
    Entropy::from_bytes([7; 32])
}

fn keys() -> (PrivateKey, PublicKey) {
    let keys: serde_json::Value =
        serde_json::from_str(include_str!("../tests/vectors/keys.json")).expect("the keys are JSON");
    let text = |key: &serde_json::Value| key.as_str().expect("a key").as_bytes().to_vec();
    let private = PrivateKey::parse(&text(&keys["platform"])).expect("a private key");
    (private, PublicKey::parse(&text(&keys["certificate"]["pem"])).expect("its certificate"))
}

fn read() -> (Grid, Mapping) {
    let text = sheet::decode(SHEET, Encoding::Utf8).expect("UTF-8");
    let (grid, _) = sheet::read(text, None).expect("a sheet");
    let mapping = Mapping::find(&grid, &BATCH_COLUMNS, &[], None).expect("known columns");
    (grid, mapping)
}

fn batches(read: &(Grid, Mapping), limits: &Limits) -> Vec<Batch> {
    wechat::batches((&read.0, &read.1), HEAD, (1000, None), limits).expect("valid rows")
}

/// A batch of 1,000 payees as JSON text.
fn json() -> String {
    let mut json = HEAD.trim_end_matches('}').to_owned();
    json.push_str(r#","total_amount":100000,"total_num":1000,"transfer_detail_list":["#);
    for row in 0..1000 {
        let comma = if row == 0 { "" } else { "," };
        let detail = r#""transfer_amount":100,"transfer_remark":"工资","user_name":"张三""#;
        write!(
            json,
            r#"{comma}{{"out_detail_no":"detail{row}","openid":"o-MYE42l80oelYMDE34nYD456X{row:03}",{detail}}}"#
        )
        .expect("a string takes it");
    }
    json + "]}"
}

fn rows(criterion: &mut Criterion) {
    let limits = Limits::default();
    let mut group = criterion.benchmark_group("rows");
    let json = json();
    assert!(wechat::validate_batch(&json, &limits, Names::Plain).ok(), "the batch is valid");
    group.throughput(Throughput::Elements(1000));
    group.bench_function("validate a batch of 1,000", |bencher| {
        bencher.iter(|| wechat::validate_batch(black_box(&json), &limits, Names::Plain));
    });
    let sheet = read();
    group.throughput(Throughput::Elements(3000));
    group.bench_function("read a sheet of 3,000", |bencher| bencher.iter(read));
    group.bench_function("check and split a sheet of 3,000", |bencher| bencher.iter(|| batches(&sheet, &limits)));
}

fn sealing(criterion: &mut Criterion) {
    let (_, platform) = keys();
    let batches = batches(&read(), &Limits::default());
    let names = || batches.iter().flat_map(Batch::names);
    assert_eq!(names().count(), 3000);
    let mut group = criterion.benchmark_group("names");
    // A second each: natively one takes long.
    group.sample_size(10).throughput(Throughput::Elements(3000));
    group.bench_function("seal 3,000", |bencher| bencher.iter(|| encrypt::seal(&platform, names(), entropy())));
}

fn bodies(criterion: &mut Criterion) {
    let (private, public) = keys();
    let batch = &batches(&read(), &Limits::default())[0];
    let ciphertexts = encrypt::seal(&public, batch.names(), entropy()).expect("seals");
    let body = batch.body(&ciphertexts).expect("a body");
    let mut group = criterion.benchmark_group("bodies");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("write a body of 1,000", |bencher| bencher.iter(|| batch.body(black_box(&ciphertexts))));
    group.bench_function("sign it", |bencher| bencher.iter(|| sign::sign(&private, black_box(&body), entropy())));
    let signature = sign::sign(&private, &body, entropy()).expect("signs");
    verify::verify(&public, &body, &signature).expect("the certificate is that of the key");
    group.bench_function("verify it", |bencher| bencher.iter(|| verify::verify(&public, black_box(&body), &signature)));
}

criterion_group!(benches, rows, sealing, bodies);
criterion_main!(benches);
