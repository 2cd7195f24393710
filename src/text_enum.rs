//! Closed sets of values: each value is stored and sent as in the API, and has the label that people read.

/// Declares such a set: `Variant = "apiValue" / "On screen"`.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $value:literal / $label:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(strum::VariantArray, strum::IntoStaticStr, strum::EnumString, strum::EnumMessage)]
        #[strum(ascii_case_insensitive)]
        pub enum $name { $($(#[$variant_meta])* #[strum(serialize = $value, message = $label)] $variant,)+ }

        impl $name {
            /// Every value, in the order a picker lists them.
            pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

            /// The stored and sent value.
            pub fn as_str(self) -> &'static str {
                self.into()
            }

            /// What a person reads.
            pub fn label(self) -> &'static str {
                strum::EnumMessage::get_message(&self).unwrap_or_default()
            }

            /// Reads the stored value, in any case.
            pub fn parse(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.label())
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> std::result::Result<Self, String> {
                Self::parse(&text).ok_or_else(|| format!("unknown {} {text:?}", stringify!($name)))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::try_from(text).map_err(serde::de::Error::custom)
            }
        }
    };
}
