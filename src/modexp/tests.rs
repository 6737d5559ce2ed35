//! Differential tests against the `rsa` crate, and the edges of the bounds that the kernels state.
//!
//! `PAYSEAL_MODEXP_CASES=100000 cargo test --release modexp` runs the long form.

use super::words::Words;
use super::{Choice, Montgomery, PublicOperation, balanced, fused};
use crate::entropy::Entropy;
use chacha20::ChaCha20Rng;
use chacha20::rand_core::Rng;
use rsa::BoxedUint;
use rsa::RsaPublicKey;
use rsa::hazmat::rsa_encrypt;

const CHOICES: [Choice; 2] = [Choice::Best, Choice::Balanced];

fn random(rng: &mut ChaCha20Rng, size: usize) -> Vec<u8> {
    let mut bytes = vec![0; size];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// An odd number with its top bit set: a modulus need not be a product of two primes for this arithmetic.
fn modulus(rng: &mut ChaCha20Rng, size: usize) -> Vec<u8> {
    let mut bytes = random(rng, size);
    bytes[0] |= 0x80;
    bytes[size - 1] |= 1;
    bytes
}

/// The judge: m^e mod n by crypto-bigint, through the rsa crate.
fn judge(modulus: &[u8], exponent: u64, message: &[u8]) -> Vec<u8> {
    let bits = u32::try_from(modulus.len() * 8).expect("small");
    let n = BoxedUint::from_be_slice(modulus, bits).expect("a modulus");
    let key = RsaPublicKey::new_with_size_limits(n, BoxedUint::from(exponent), 1024..=4096).expect("a key");
    let message = BoxedUint::from_be_slice(message, bits).expect("a message");
    let result = rsa_encrypt(&key, &message).expect("a result").to_be_bytes();
    // The judge works in whole words, so sizes that are not one come with zeros in front.
    result[result.len() - modulus.len()..].to_vec()
}

fn minus(number: &[u8], small: u8) -> Vec<u8> {
    let mut bytes = number.to_vec();
    let mut borrow = i16::from(small);
    for byte in bytes.iter_mut().rev() {
        let value = i16::from(*byte) - borrow;
        borrow = i16::from(value < 0);
        *byte = u8::try_from(value.rem_euclid(256)).expect("a byte");
    }
    bytes
}

/// Messages at the edges: 0, 1, 2, n − 1, n − 2, runs of ones and zeros; and random ones.
fn messages(rng: &mut ChaCha20Rng, modulus: &[u8], count: usize) -> Vec<Vec<u8>> {
    let size = modulus.len();
    let fill = |byte: u8| {
        let mut bytes = vec![byte; size];
        bytes[0] = 0;
        bytes
    };
    let small = |value: u8| {
        let mut bytes = vec![0; size];
        bytes[size - 1] = value;
        bytes
    };
    let mut all = vec![small(0), small(1), small(2), minus(modulus, 1), minus(modulus, 2)];
    all.extend([0xff, 0x7f, 0x80, 0x55, 0xaa, 0x01].map(fill));
    while all.len() < count {
        let mut bytes = random(rng, size);
        bytes[0] = if modulus[0] == 0 { 0 } else { bytes[0] % modulus[0] };
        all.push(bytes);
    }
    all
}

fn check(modulus: &[u8], exponent: u64, messages: &[Vec<u8>]) {
    let expected: Vec<u8> = messages.iter().flat_map(|message| judge(modulus, exponent, message)).collect();
    for choice in CHOICES {
        let operation = PublicOperation::new(modulus, exponent, choice).expect("a public key");
        let mut found = messages.concat();
        assert!(operation.raise_all(&mut found));
        for (index, (found, expected)) in found.chunks(modulus.len()).zip(expected.chunks(modulus.len())).enumerate() {
            assert_eq!(found, expected, "{choice:?}, {} bytes, e = {exponent}, message {index}", modulus.len());
        }
    }
}

fn cases() -> usize {
    std::env::var("PAYSEAL_MODEXP_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(600)
}

#[test]
fn every_kernel_agrees_with_the_rsa_crate() {
    let mut rng = Entropy::from_bytes([11; 32]).rng();
    let per_key = 25;
    for round in 0..cases() / per_key {
        // Mostly 2048 bits; every size between, and sizes that are not a multiple of 8 bytes.
        let size = [256, 256, 256, 384, 512, 257, 300, 511][round % 8];
        let modulus = modulus(&mut rng, size);
        let messages = messages(&mut rng, &modulus, per_key);
        check(&modulus, 65537, &messages);
    }
}

#[test]
fn moduli_at_the_edges_are_exact() {
    let mut rng = Entropy::from_bytes([12; 32]).rng();
    for size in [256, 512] {
        let ones = vec![0xff; size];
        let mut least = vec![0; size];
        (least[0], least[size - 1]) = (0x80, 1);
        // Ends in 51 and more zeros before the last bit: N' is then as large as it can be.
        let mut sparse = modulus(&mut rng, size);
        sparse[size - 16..].fill(0);
        sparse[size - 1] = 1;
        let mut dense = modulus(&mut rng, size);
        dense[size - 16..].fill(0xff);
        for modulus in [ones, least, sparse, dense] {
            let messages = messages(&mut rng, &modulus, 12);
            check(&modulus, 65537, &messages);
        }
    }
}

/// Numbers whose digits are as large as they can be, either way, in all but the top ones.
fn extremes(width: u32, bits: usize) -> Vec<Words> {
    let half = 1_i64 << (width - 1);
    let count = (bits - 2) / width as usize;
    let patterns: [fn(i64, usize) -> i64; 6] = [
        |half, _| -half,
        |half, _| half - 1,
        |half, at| if at % 2 == 0 { -half } else { half - 1 },
        |half, at| if at % 8 < 4 { -half } else { half - 1 },
        |half, at| if at % 4 == 3 { -half } else { 0 },
        |half, at| if at < 20 { -half } else { 1 },
    ];
    let number = |pattern: fn(i64, usize) -> i64| (0..count).map(move |at| pattern(half, at)).chain([1]);
    patterns.into_iter().map(|pattern| Words::from_digits(number(pattern), width)).collect()
}

/// a·b and a² modulo `modulus`, through the kernel alone, against crypto-bigint.
fn check_extremes<M: Montgomery>(kernel: &M, width: u32, modulus: &[u8]) {
    let size = modulus.len();
    let bits = u32::try_from(8 * size).expect("small");
    let uint = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, bits).expect("a number");
    let n = uint(modulus).into_nz().expect("not zero");
    let words = Words::from_be(modulus);
    let bytes = |words: &Words| {
        let mut out = vec![0; size];
        words.write_be(&mut out);
        out
    };
    let mut columns = M::columns();
    let mut numbers = extremes(width, 8 * size);
    numbers.push(Words::from_be(&minus(modulus, 1)));
    for a in &numbers {
        for b in &numbers {
            let pair = [kernel.load([a, b]), kernel.load([b, a])];
            let product = kernel.multiply(&pair[0], &pair[1], &mut columns);
            let mut square = pair[0].clone();
            kernel.square(&mut square, &mut columns);
            let mut found = |pair: &M::Pair| {
                kernel.store(&kernel.enter(pair, &mut columns)).map(|mut result| {
                    result.reduce(&words);
                    bytes(&result)
                })
            };
            let (product, square) = (found(&product), found(&square));
            let times = |a: &Words, b: &Words| {
                let product = uint(&bytes(a)).mul_mod(&uint(&bytes(b)), &n).to_be_bytes();
                product[product.len() - size..].to_vec()
            };
            assert_eq!(product, [times(a, b), times(b, a)]);
            assert_eq!(square, [times(a, a), times(b, b)]);
        }
    }
}

#[test]
fn limbs_at_their_bounds_multiply_exactly() {
    let mut rng = Entropy::from_bytes([15; 32]).rng();
    // 380 bytes are the most that limbs of 24 bits serve.
    for size in [256, 380, 384, 512] {
        let mut least = vec![0; size];
        (least[0], least[size - 1]) = (0x80, 1);
        let mut moduli = vec![vec![0xff; size], least, modulus(&mut rng, size)];
        moduli.extend(extremes(51, 8 * size).iter().chain(&extremes(24, 8 * size)).map(|number| {
            let mut bytes = vec![0; size];
            number.write_be(&mut bytes);
            bytes[0] |= 0x80;
            bytes[size - 1] |= 1;
            bytes
        }));
        for modulus in moduli {
            let words = Words::from_be(&modulus);
            check_extremes(&fused::Kernel::new(&words), 51, &modulus);
            check_extremes(&balanced::Kernel::new(&words), if size <= 380 { 24 } else { 23 }, &modulus);
        }
    }
}

#[test]
fn any_small_odd_exponent_works() {
    let mut rng = Entropy::from_bytes([13; 32]).rng();
    let modulus = modulus(&mut rng, 256);
    let messages = messages(&mut rng, &modulus, 13);
    for exponent in [3, 5, 7, 17, 257, 65535, 65537, 4_294_967_295] {
        check(&modulus, exponent, &messages);
    }
}

#[test]
fn what_is_no_public_key_or_no_message_is_refused() {
    let mut rng = Entropy::from_bytes([14; 32]).rng();
    let good = modulus(&mut rng, 256);
    let mut even = good.clone();
    even[255] &= 0xfe;
    let new = |modulus: &[u8], exponent| PublicOperation::new(modulus, exponent, Choice::Best);
    assert!(new(&even, 65537).is_none());
    assert!(new(&good[1..], 65537).is_none());
    assert!(new(&modulus(&mut rng, 513), 65537).is_none());
    assert!(new(&good, 65536).is_none());
    assert!(new(&good, 1).is_none());
    let operation = new(&good, 65537).expect("a public key");
    let before = [vec![1; 256], good.clone()].concat();
    let mut messages = before.clone();
    assert!(!operation.raise_all(&mut messages), "a message that is not below the modulus");
    assert_eq!(messages, before);
    assert!(!operation.raise_all(&mut [0; 255]));
    assert!(operation.raise_all(&mut []));
}

#[test]
fn native_floats_are_fused() {
    assert!(super::lanes::multiply_add_is_fused());
}
