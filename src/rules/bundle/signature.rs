//! Who wrote the manifest: its detached signature, under a key that the caller trusts.
//!
//! RSA-3072, PKCS#1 v1.5, SHA-256: old, and the one scheme that Windows PowerShell 5.1, browsers, `openssl` and Rust
//! all have on board. Keys come as SubjectPublicKeyInfo, which is what `openssl rsa -pubout` writes.
//!
//! Invariant: the bytes are checked as they are, before they are parsed.

use std::collections::BTreeMap;

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use spki::{Document, ObjectIdentifier, SubjectPublicKeyInfoRef};

use crate::rules::bundle::{BundleError, MANIFEST, MAX_MANIFEST, SIGNATURE};

/// Bytes of a signature by RSA-3072.
const SIGNATURE_BYTES: usize = 384;
/// `rsaEncryption`.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A key that bundles are signed with: its public half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// RSAPublicKey of PKCS#1 in DER.
    pkcs1: Vec<u8>,
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo, in PEM (`-----BEGIN PUBLIC KEY-----`) or in DER.
    pub fn read(bytes: &[u8]) -> Result<PublicKey, BundleError> {
        let bad = |message: &str| BundleError::BadKey {
            message: message.to_owned(),
        };
        let pem = std::str::from_utf8(bytes)
            .ok()
            .filter(|text| text.contains("-----BEGIN"));
        let der = match pem.map(|text| Document::from_pem(text.trim())) {
            Some(Ok(("PUBLIC KEY", document))) => document.into_vec(),
            Some(Ok(_)) => return Err(bad("the PEM is not a PUBLIC KEY")),
            Some(Err(_)) => return Err(bad("the PEM is damaged")),
            None => bytes.to_vec(),
        };
        let info = SubjectPublicKeyInfoRef::try_from(der.as_slice())
            .map_err(|_| bad("it is no SubjectPublicKeyInfo, in PEM or in DER"))?;
        if info.algorithm.oid != RSA {
            return Err(bad("it is not an RSA key"));
        }
        Ok(PublicKey {
            pkcs1: info.subject_public_key.raw_bytes().to_vec(),
        })
    }

    /// Whether the manifest of a folder was signed with this key, by the signature that stands beside it.
    pub fn check_folder(&self, folder: &BTreeMap<String, Vec<u8>>) -> Result<(), BundleError> {
        let missing = || BundleError::MissingFile {
            path: MANIFEST.to_owned(),
        };
        let manifest = folder.get(MANIFEST).ok_or_else(missing)?;
        let signature = folder.get(SIGNATURE).ok_or(BundleError::NotSigned)?;
        if manifest.len() > MAX_MANIFEST {
            return Err(BundleError::TooLarge { bytes: manifest.len() });
        }
        self.check(manifest, signature)
    }

    /// Whether the signature was made with this key for exactly these bytes.
    pub fn check(&self, manifest: &[u8], signature: &[u8]) -> Result<(), BundleError> {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.pkcs1);
        if signature.len() == SIGNATURE_BYTES && key.verify(manifest, signature).is_ok() {
            Ok(())
        } else {
            Err(BundleError::WrongSignature)
        }
    }
}
