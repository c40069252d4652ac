//! Verifies the detached signature of a manifest with a key that the caller trusts.
//!
//! Ed25519 (RFC 8032), checked strictly: one signature has one spelling, and a key of small order is refused. Keys come as
//! SubjectPublicKeyInfo (RFC 8410), which is what `openssl pkey -pubout` writes. All of it is plain Rust, so that a
//! WebAssembly module checks what the program checks.
//!
//! Invariant: the bytes are checked as they are, before they are parsed.

use ed25519_dalek::pkcs8::DecodePublicKey as _;
use ed25519_dalek::{Signature, VerifyingKey};

use crate::rules::bundle::{BundleError, MAX_MANIFEST};

/// Bytes of a signature.
pub(super) const BYTES: usize = ed25519_dalek::SIGNATURE_LENGTH;

/// A key that bundles are signed with: its public half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo, in PEM (`-----BEGIN PUBLIC KEY-----`) or in DER.
    pub fn read(bytes: &[u8]) -> Result<PublicKey, BundleError> {
        let bad = |message: &str| BundleError::BadKey {
            message: message.to_owned(),
        };
        let pem = std::str::from_utf8(bytes)
            .ok()
            .filter(|text| text.contains("-----BEGIN"));
        let key = match pem {
            Some(text) => VerifyingKey::from_public_key_pem(text.trim()),
            None => VerifyingKey::from_public_key_der(bytes),
        };
        match key {
            Ok(key) if key.is_weak() => Err(bad("it is a weak key, so anybody can forge a signature")),
            Ok(key) => Ok(PublicKey(key)),
            Err(_) => Err(bad("it is not a PUBLIC KEY of Ed25519, in PEM or in DER")),
        }
    }

    /// Whether the signature was made with this key for exactly these bytes.
    pub fn check(&self, manifest: &[u8], signature: &[u8]) -> Result<(), BundleError> {
        if manifest.len() > MAX_MANIFEST {
            return Err(BundleError::TooLarge {
                bytes: manifest.len(),
                most: MAX_MANIFEST,
            });
        }
        let signature = Signature::from_slice(signature).map_err(|_| BundleError::WrongSignature)?;
        self.0
            .verify_strict(manifest, &signature)
            .map_err(|_| BundleError::WrongSignature)
    }
}
