//! Enums of the values that AWS documents, open to values it may add.

/// Declares an enum of known strings with a last variant `Unknown(String)`, and its conversions to and from strings.
///
/// Deserializing never fails: null reads as `Unknown("")`, and any other JSON value as its text.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* #[doc = concat!("\n\nIn JSON: `", $text, "`.")] $variant, )+
            /// A value that this version of the crate doesn't know, as received.
            Unknown(String),
        }

        impl $name {
            /// Reads the value as JSON spells it. An unknown value is kept.
            pub fn parse(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    _ => Self::Unknown(text.to_owned()),
                }
            }

            /// The value as JSON spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::lenient::string_or_empty(deserializer).map(|text| Self::parse(&text))
            }
        }
    };
}

pub(crate) use open_enum;
