//! What must hold for every input, tried on many.

use payseal::canonical::{check_target, percent_encode, target};
use payseal::entropy::Entropy;
use payseal::error::Error;
use payseal::error::Result;
use payseal::key::{PrivateKey, PublicKey};
use payseal::money::Fen;
use payseal::sheet::{self, Encoding, Kind, Mapping};
use payseal::upload::{self, Extent, TARGETS, Target, Upload};
use payseal::wechat::{Limits, Merchant, Names, validate_batch};
use payseal::{decrypt, encrypt, sign, verify};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

static KEYS: LazyLock<(PrivateKey, PublicKey)> = LazyLock::new(|| {
    let keys: Value = serde_json::from_str(include_str!("vectors/keys.json")).expect("keys.json");
    let pem = keys["platform"].as_str().expect("a key").as_bytes();
    // The certificate holds the public half of the platform key.
    let certificate = keys["certificate"]["pem"].as_str().expect("a certificate").as_bytes();
    (PrivateKey::parse(pem).expect("private"), PublicKey::parse(certificate).expect("public"))
});

/// JSON of any shape, with the names that matter more often than chance would have it.
fn json() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("transfer_detail_list".to_owned()),
        Just("transfer_amount".to_owned()),
        Just("user_name".to_owned()),
        Just("openid".to_owned()),
        Just("total_amount".to_owned()),
        ".{0,6}",
    ];
    let number = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| format!("{n:e}")),
        Just("1e999".to_owned())
    ];
    let text =
        prop_oneof![".{0,40}".prop_map(|text: String| Value::from(text).to_string()), Just(r#""\ud800""#.to_owned())];
    let leaf = prop_oneof![Just("null".to_owned()), Just("true".to_owned()), number, text];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        let object = vec((name.clone(), inner.clone()), 0..8).prop_map(|members| {
            let members: Vec<_> =
                members.iter().map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
            format!("{{{}}}", members.join(","))
        });
        prop_oneof![vec(inner, 0..8).prop_map(|items| format!("[{}]", items.join(","))), object]
    })
}

/// What a sheet in an encoding that needs no table comes to.
fn check_sheet(bytes: &[u8], target: &str) -> Result<Upload> {
    let encoding = match sheet::sniff(bytes)? {
        Kind::Text(encoding) => encoding,
        Kind::Xlsx | Kind::Doubtful => Encoding::Utf8,
    };
    let target: Target = target.parse()?;
    let (grid, _) = sheet::read(sheet::decode(bytes, encoding)?, None)?;
    let mapping = Mapping::find(&grid, target.columns(), &[], None)?;
    upload::check(&grid, &mapping, &target, None, Extent::Rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn validation_never_panics_and_never_lets_nonsense_through(json in json()) {
        prop_assert!(!validate_batch(&json, &Limits::default(), Names::Plain).ok());
    }

    #[test]
    fn validation_never_panics_on_text(text in ".{0,200}") {
        prop_assert!(!validate_batch(&text, &Limits::default(), Names::Plain).ok());
    }

    #[test]
    fn keys_of_any_bytes_are_refused_without_a_panic(bytes in vec(any::<u8>(), 0..300)) {
        prop_assert!(PrivateKey::parse(&bytes).is_err());
        prop_assert!(PublicKey::parse(&bytes).is_err());
    }

    #[test]
    fn keys_of_any_armoured_text_are_refused_without_a_panic(label in "[A-Z ]{0,20}", body in "[A-Za-z0-9+/=\\n]{0,200}") {
        let pem = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
        prop_assert!(PrivateKey::parse(pem.as_bytes()).is_err());
        prop_assert!(PublicKey::parse(pem.as_bytes()).is_err());
    }

    #[test]
    fn sheets_of_any_bytes_never_panic(bytes in vec(any::<u8>(), 0..300)) {
        for target in TARGETS {
            let _ = check_sheet(&bytes, target);
        }
        // What a reader of other containers hands over.
        let _ = sheet::Grid::from_interchange(&[b"PSG1", bytes.as_slice()].concat());
    }

    #[test]
    fn rows_of_any_text_never_panic(cells in vec("[^\"]{0,12}", 5)) {
        let sheet = format!("单号,openid,姓名,金额(元),备注\n\"{}\"\n", cells.join("\",\""));
        let upload = check_sheet(sheet.as_bytes(), "wechat-batch").expect("a sheet");
        prop_assert!(serde_json::from_slice::<Value>(&upload.rows).is_ok());
    }

    #[test]
    fn notifications_of_any_bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        let merchant = Merchant::new("1900000001", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", Some("TESTINGtesting0TESTINGtesting012")).expect("valid");
        prop_assert!(merchant.open_notification(&bytes).is_err());
        prop_assert!(merchant.open_certificates(&bytes).is_err());
    }

    #[test]
    fn a_query_of_any_text_is_sent_as_it_is_signed(name in ".{1,10}", value in ".{0,30}") {
        let made = target("/v1/x", &[(&name, &value)]).expect("encoded");
        prop_assert_eq!(check_target(&made), Ok(()));
        prop_assert!(percent_encode(&value).is_ascii());
    }

    #[test]
    fn yuan_and_fen_agree(fen in 0_u64..=Fen::MAX.get()) {
        let yuan = format!("{}.{:02}", fen / 100, fen % 100);
        prop_assert_eq!(Fen::from_yuan(&yuan).map(Fen::get), Ok(fen));
        prop_assert_eq!(Fen::from_integer(&fen.to_string()).map(Fen::get), Ok(fen));
    }
}

proptest! {
    // Each case is a private-key operation, slow without optimisation.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_verifies_and_one_changed_bit_does_not(message in vec(any::<u8>(), 1..200), seed in any::<[u8; 32]>(), at in any::<prop::sample::Index>()) {
        let (private, public) = &*KEYS;
        let signature = sign::sign(private, &message, Entropy::from_bytes(seed)).expect("signs");
        prop_assert_eq!(verify::verify(public, &message, &signature), Ok(()));
        let mut changed = message.clone();
        changed[at.index(message.len())] ^= 1;
        prop_assert_eq!(verify::verify(public, &changed, &signature), Err(Error::SignatureInvalid));
        let mut broken = signature;
        let index = at.index(broken.len());
        broken[index] ^= 0x80;
        prop_assert_eq!(verify::verify(public, &message, &broken), Err(Error::SignatureInvalid));
    }

    #[test]
    fn what_is_sealed_opens_again(texts in vec("\\PC{1,40}", 1..4), seed in any::<[u8; 32]>()) {
        let (private, public) = &*KEYS;
        let sealed = encrypt::seal(public, texts.iter().map(|text| text.as_bytes()), Entropy::from_bytes(seed)).expect("seals");
        for (text, ciphertext) in texts.iter().zip(sealed.chunks(public.size())) {
            let opened = decrypt::open_field(private, ciphertext, Entropy::from_bytes(seed)).expect("opens");
            prop_assert_eq!(opened.as_slice(), text.as_bytes());
        }
    }
}

#[test]
fn sealing_knows_its_limits_before_it_begins() {
    let (_, public) = &*KEYS;
    let seal = |length: usize| {
        encrypt::seal(public, [vec![b'x'; length].as_slice()], Entropy::from_bytes([1; 32])).map(|sealed| sealed.len())
    };
    assert_eq!(encrypt::capacity(public), 214);
    assert_eq!(seal(214), Ok(256));
    assert_eq!(seal(215), Err(Error::PlaintextTooLong));
    assert_eq!(seal(0), Err(Error::PlaintextEmpty));
}

#[test]
fn the_same_text_is_never_sealed_alike_twice() {
    let (_, public) = &*KEYS;
    let seal = |seed| encrypt::seal(public, [b"name".as_slice(), b"name"], Entropy::from_bytes(seed)).expect("seals");
    let sealed = seal([1; 32]);
    assert_ne!(sealed[..256], sealed[256..]);
    assert_ne!(sealed, seal([2; 32]));
}

#[test]
fn nonces_are_as_the_protocol_wants_them() {
    let nonce = |seed| Entropy::from_bytes(seed).nonce();
    assert!(nonce([3; 32]).bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(nonce([3; 32]).len(), 32);
    assert_ne!(nonce([3; 32]), nonce([4; 32]));
}
