//! The numbers of RSA keys: read, and checked whether they belong together.
//!
//! All arithmetic on a private key is that of crypto-bigint, constant-time, or of `rsa`, which is made of it.

use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero};
use rsa::RsaPrivateKey;
use zeroize::Zeroizing;

use super::der::Reader;
use crate::error::{Error, Result};

/// Public exponents are odd, and `rsa` takes none beyond these.
const EXPONENTS: core::ops::Range<u64> = 3..1 << 33;

/// RSAPublicKey (RFC 8017, A.1.1), big-endian, without leading zero bytes.
#[derive(Clone, Copy)]
pub(super) struct PublicNumbers<'d> {
    pub(super) modulus: &'d [u8],
    pub(super) exponent: &'d [u8],
}

impl<'d> PublicNumbers<'d> {
    pub(super) fn read(der: &'d [u8]) -> Option<Self> {
        let mut reader = Reader::of_sequence(der)?;
        let numbers = Self { modulus: reader.unsigned()?, exponent: reader.unsigned()? };
        reader.end()?;
        Some(numbers)
    }

    /// The size of the modulus in bits.
    pub(super) fn bits(self) -> usize {
        8 * self.modulus.len() - self.modulus.first().map_or(0, |first| first.leading_zeros() as usize)
    }

    /// The exponent, if both are odd and the exponent is one that is taken.
    pub(super) fn exponent(self) -> Option<u64> {
        let odd = self.modulus.last()? & self.exponent.last()? & 1 == 1;
        let exponent = self.exponent.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        (odd && self.exponent.len() <= 8 && EXPONENTS.contains(&exponent)).then_some(exponent)
    }
}

/// RSAPrivateKey (RFC 8017, A.1.2), big-endian, without leading zero bytes.
pub(super) struct PrivateNumbers<'d> {
    /// What they were read from.
    pub(super) der: &'d [u8],
    pub(super) public: PublicNumbers<'d>,
    private_exponent: &'d [u8],
    primes: [&'d [u8]; 2],
    /// The private exponent modulo each prime less one.
    exponents: [&'d [u8]; 2],
    /// The inverse of the second prime modulo the first.
    coefficient: &'d [u8],
    /// There are more than two primes.
    multi: bool,
}

impl<'d> PrivateNumbers<'d> {
    pub(super) fn read(der: &'d [u8]) -> Option<Self> {
        let mut reader = Reader::of_sequence(der)?;
        let multi = reader.version(1)? == 1;
        let numbers = Self {
            der,
            public: PublicNumbers { modulus: reader.unsigned()?, exponent: reader.unsigned()? },
            private_exponent: reader.unsigned()?,
            primes: [reader.unsigned()?, reader.unsigned()?],
            exponents: [reader.unsigned()?, reader.unsigned()?],
            coefficient: reader.unsigned()?,
            multi,
        };
        if multi && reader.sequence()?.is_empty() {
            return None;
        }
        reader.end()?;
        Some(numbers)
    }

    /// Whether every number is what the others make it. The primes are not tested for being primes.
    ///
    /// # Errors
    /// [`Error::KeyInconsistent`], whichever it is.
    pub(super) fn check(&self) -> Result<()> {
        if self.belong_together() == Some(true) { Ok(()) } else { Err(Error::KeyInconsistent) }
    }

    fn belong_together(&self) -> Option<bool> {
        self.public.exponent()?;
        let whole = 8 * self.public.modulus.len();
        // `rsa` wants primes of half the size, so that a prime's size says nothing.
        let half = 8 * self.public.modulus.len().div_ceil(2);
        let number = |bytes: &[u8], bits: usize| {
            let bits = u32::try_from(bits).ok()?;
            BoxedUint::from_be_slice(bytes, bits).ok().map(Zeroizing::new)
        };
        let modulus = number(self.public.modulus, whole)?;
        let exponent = number(self.public.exponent, 64)?;
        let private_exponent = number(self.private_exponent, whole)?;
        let coefficient = number(self.coefficient, half)?;
        let [p, q] = [number(self.primes[0], half)?, number(self.primes[1], half)?];
        let prime_bits = u32::try_from(self.public.bits().div_ceil(2)).ok()?;

        let mut sound = !self.multi
            && *private_exponent < *modulus
            && p.bit_width() <= prime_bits
            && q.bit_width() <= prime_bits
            && p.concatenating_mul(&*q) == *modulus;
        for (prime, own) in [&p, &q].into_iter().zip(self.exponents) {
            let own = number(own, half)?;
            let order = non_zero(prime.wrapping_sub(BoxedUint::one()))?;
            sound &= remainder(&private_exponent, &order) == own
                && bool::from(remainder(&product(&own, &exponent), &order).is_one());
        }
        let p = non_zero((*p).clone())?;
        Some(sound && bool::from(remainder(&product(&q, &coefficient), &p).is_one()))
    }

    /// The key as `rsa` wants it, which checks and prepares more than a key that the host uses needs.
    ///
    /// # Errors
    /// [`Error::KeyInconsistent`].
    pub(super) fn to_rsa(&self) -> Result<RsaPrivateKey> {
        let number = |bytes: &[u8], length: usize| {
            let bits = u32::try_from(8 * length).map_err(|_| Error::KeyInconsistent)?;
            BoxedUint::from_be_slice(bytes, bits).map_err(|_| Error::KeyInconsistent)
        };
        let size = self.public.modulus.len();
        let modulus = number(self.public.modulus, size)?;
        let exponent = number(self.public.exponent, self.public.exponent.len())?;
        let private_exponent = number(self.private_exponent, size)?;
        let primes = vec![number(self.primes[0], size)?, number(self.primes[1], size)?];
        RsaPrivateKey::from_components(modulus, exponent, private_exponent, primes).map_err(|_| Error::KeyInconsistent)
    }
}

type Secret = Zeroizing<BoxedUint>;

fn product(a: &BoxedUint, b: &BoxedUint) -> Secret {
    Zeroizing::new(a.concatenating_mul(b))
}

fn remainder(a: &BoxedUint, modulus: &NonZero<BoxedUint>) -> Secret {
    Zeroizing::new(a.rem(modulus))
}

fn non_zero(number: BoxedUint) -> Option<NonZero<BoxedUint>> {
    NonZero::new(number).into_option()
}
