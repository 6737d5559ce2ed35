//! Randomness as an argument: the core never draws any by itself.

use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::{Error, Result};

/// 32 random bytes that one operation may spend. Wiped when dropped.
///
/// A generator (ChaCha20) spreads them over a whole batch, so the host is asked once, and asked before anything is signed or sealed.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Entropy([u8; 32]);

impl Entropy {
    /// Takes 32 bytes from the host's generator.
    ///
    /// # Errors
    /// [`Error::Randomness`] where the host has none. There is no fallback.
    pub fn from_system() -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| Error::Randomness)?;
        Ok(Self(seed))
    }

    /// Uses the given bytes: for tests that need the same result twice.
    #[must_use]
    pub const fn from_bytes(seed: [u8; 32]) -> Self {
        Self(seed)
    }

    /// 32 characters of `0-9A-Za-z`, each equally likely.
    #[must_use]
    pub fn nonce(self) -> String {
        const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut rng = self.rng();
        // Bytes from 248 on are drawn again: 248 is the largest multiple of 62 in a byte.
        let bytes = core::iter::repeat_with(|| rng.next_u32().to_le_bytes()[0]).filter(|byte| *byte < 248);
        bytes.take(32).map(|byte| char::from(ALPHABET[usize::from(byte % 62)])).collect()
    }

    pub(crate) fn rng(self) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(self.0)
    }
}

impl core::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Entropy(..)")
    }
}
