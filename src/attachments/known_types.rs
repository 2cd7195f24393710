//! The types of files that are told by name, with the extensions that they have and what may happen to whoever opens them.

crate::text_enum! {
    /// Why a file is handed on as an encrypted zip first.
    pub enum Risk {
        Program = "program" / "It can run as a program.",
        Script = "script" / "It can run as a script.",
        Macros = "macros" / "It is a document with macros.",
        Archive = "archive" / "It is an archive, which can hold programs.",
        WebPage = "webPage" / "A browser would run the scripts in it.",
    }
}

/// A type of files.
#[derive(Debug)]
pub(super) struct Known {
    pub media_type: &'static str,
    /// "a", "an", or empty.
    pub article: &'static str,
    pub noun: &'static str,
    /// In lower case, with blanks between them.
    extensions: &'static str,
    pub risk: Option<Risk>,
    /// Whether it is text, which one can take for another kind of text.
    pub is_text: bool,
}

impl Known {
    pub fn has(&self, extension: &str) -> bool {
        self.extensions.split(' ').any(|known| known == extension)
    }
}

const fn binary(
    media_type: &'static str,
    (article, noun): (&'static str, &'static str),
    extensions: &'static str,
) -> Known {
    Known { media_type, article, noun, extensions, risk: None, is_text: false }
}

const fn program(media_type: &'static str, named: (&'static str, &'static str), extensions: &'static str) -> Known {
    Known { risk: Some(Risk::Program), ..binary(media_type, named, extensions) }
}

const fn archive(media_type: &'static str, named: (&'static str, &'static str), extensions: &'static str) -> Known {
    Known { risk: Some(Risk::Archive), ..binary(media_type, named, extensions) }
}

const fn text(
    media_type: &'static str,
    named: (&'static str, &'static str),
    extensions: &'static str,
    risk: Option<Risk>,
) -> Known {
    Known { risk, is_text: true, ..binary(media_type, named, extensions) }
}

pub(super) const PLAIN: &str = "text/plain";
pub(super) const HTML: &str = "text/html";
pub(super) const SVG: &str = "image/svg+xml";
pub(super) const XML: &str = "text/xml";
pub(super) const EMAIL: &str = "message/rfc822";
pub(super) const SHORTCUT: &str = "application/x-ms-shortcut";
pub(super) const DISK_IMAGE: &str = "application/x-iso9660-image";
pub(super) const ZIP: &str = "application/zip";
pub(super) const OLE: &str = "application/x-ole-storage";
/// Of what no type is known.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// Names as `infer` gives them, and those that `content_type` adds.
#[rustfmt::skip]
const KNOWN: &[Known] = &[
    program("application/vnd.microsoft.portable-executable", ("a", "Windows executable"), "exe dll sys scr cpl ocx drv efi mui com pif ax"),
    program("application/x-executable", ("an", "ELF executable"), "elf so o ko bin out run axf"),
    program("application/x-mach-binary", ("a", "macOS executable"), "dylib macho o bundle"),
    program("application/java", ("a", "Java class"), "class"),
    program("application/wasm", ("a", "WebAssembly program"), "wasm"),
    program("application/vnd.android.dex", ("an", "Android program"), "dex"),
    program("application/vnd.android.dey", ("an", "Android program"), "dey odex"),
    program("application/x-shockwave-flash", ("a", "Flash program"), "swf"),
    program(SHORTCUT, ("a", "Windows shortcut"), "lnk"),
    text("text/x-shellscript", ("a", "script"), "sh bash zsh py pl rb", Some(Risk::Script)),
    text(HTML, ("an", "HTML page"), "html htm xhtml shtml hta mht mhtml", Some(Risk::WebPage)),
    text(SVG, ("an", "SVG image"), "svg", Some(Risk::WebPage)),
    text(XML, ("an", "XML file"), "xml xsd xsl xslt rels plist", None),
    text(EMAIL, ("an", "email"), "eml mht mhtml", None),
    text(PLAIN, ("", "plain text"), "txt log csv tsv json jsonl md yaml yml ini conf", None),
    binary("application/pdf", ("a", "PDF document"), "pdf"),
    binary("application/rtf", ("an", "RTF document"), "rtf doc"),
    binary("application/msword", ("a", "Word document"), "doc dot"),
    binary("application/vnd.ms-excel", ("an", "Excel workbook"), "xls xlt xla"),
    binary("application/vnd.ms-powerpoint", ("a", "PowerPoint presentation"), "ppt pot pps"),
    binary(OLE, ("an", "OLE file"), "doc dot xls xlt ppt pot pps msg msi msp mst vsd pub mpp db"),
    binary("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("a", "Word document"), "docx docm dotx dotm"),
    binary("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("an", "Excel workbook"), "xlsx xlsm xlsb xltx xltm xlam"),
    binary("application/vnd.openxmlformats-officedocument.presentationml.presentation", ("a", "PowerPoint presentation"), "pptx pptm potx potm ppsx ppsm"),
    binary("application/vnd.oasis.opendocument.text", ("an", "OpenDocument text"), "odt ott"),
    binary("application/vnd.oasis.opendocument.spreadsheet", ("an", "OpenDocument spreadsheet"), "ods ots"),
    binary("application/vnd.oasis.opendocument.presentation", ("an", "OpenDocument presentation"), "odp otp"),
    binary("application/epub+zip", ("an", "EPUB book"), "epub"),
    archive(ZIP, ("a", "ZIP archive"), "zip jar apk war ear docx docm dotx dotm xlsx xlsm xlsb xltx xltm pptx pptm potx ppsx odt ods odp \
        epub kmz whl nupkg xpi vsix ipa appx msix onepkg vsdx"),
    archive("application/vnd.rar", ("a", "RAR archive"), "rar"),
    archive("application/x-7z-compressed", ("a", "7-Zip archive"), "7z"),
    archive("application/x-tar", ("a", "tar archive"), "tar"),
    archive("application/gzip", ("a", "gzip archive"), "gz tgz svgz emz"),
    archive("application/x-bzip2", ("a", "bzip2 archive"), "bz2 tbz2"),
    archive("application/x-xz", ("an", "xz archive"), "xz txz"),
    archive("application/zstd", ("a", "Zstandard archive"), "zst"),
    archive("application/x-lz4", ("an", "LZ4 archive"), "lz4"),
    archive("application/x-lzip", ("an", "lzip archive"), "lz"),
    archive("application/x-cpio", ("a", "cpio archive"), "cpio"),
    archive("application/x-unix-archive", ("an", "ar archive"), "a ar lib"),
    archive("application/vnd.ms-cab-compressed", ("a", "Windows cabinet"), "cab"),
    archive("application/vnd.debian.binary-package", ("a", "Debian package"), "deb"),
    archive("application/x-rpm", ("an", "RPM package"), "rpm"),
    archive("application/x-google-chrome-extension", ("a", "Chrome extension"), "crx"),
    archive(DISK_IMAGE, ("a", "disk image"), "iso img"),
    binary("image/png", ("a", "PNG image"), "png"),
    binary("image/jpeg", ("a", "JPEG image"), "jpg jpeg jpe jfif"),
    binary("image/gif", ("a", "GIF image"), "gif"),
    binary("image/webp", ("a", "WebP image"), "webp"),
    binary("image/bmp", ("a", "BMP image"), "bmp dib"),
    binary("image/tiff", ("a", "TIFF image"), "tif tiff"),
    binary("image/vnd.microsoft.icon", ("an", "icon"), "ico"),
    binary("image/heif", ("a", "HEIF image"), "heic heif"),
    binary("image/avif", ("an", "AVIF image"), "avif"),
    binary("video/mp4", ("an", "MP4 video"), "mp4 m4v m4a mov"),
    binary("video/webm", ("a", "WebM video"), "webm mkv"),
    binary("audio/mpeg", ("an", "MP3 recording"), "mp3"),
    binary("audio/x-wav", ("a", "WAV recording"), "wav"),
    binary("application/vnd.sqlite3", ("an", "SQLite database"), "sqlite sqlite3 db"),
];

/// The type of a name of a type.
pub(super) fn of(media_type: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.media_type == media_type)
}

/// The type that an extension is first of all used for.
pub(super) fn claimed_by(extension: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.has(extension))
}

/// Extensions by which a system opens a file as something that runs, whatever is in it.
const BY_EXTENSION: [(Risk, &str); 4] = [
    (Risk::Program, "exe dll sys scr cpl ocx com pif lnk msi msp mst msix appx apk jar deb rpm pkg dmg app url scf"),
    (
        Risk::Script,
        "js jse mjs vbs vbe wsf wsh wsc ps1 psm1 psd1 bat cmd sh bash zsh py pyw pl rb php asp aspx jsp reg inf vba bas \
         applescript command",
    ),
    (Risk::Macros, "docm dotm xlsm xltm xlam pptm potm ppsm sldm xll"),
    (Risk::WebPage, "html htm xhtml shtml hta mht mhtml svg svgz chm"),
];

/// The risk of a file's extension.
pub(super) fn risk_of_extension(extension: &str) -> Option<Risk> {
    let listed = |list: &str| list.split_whitespace().any(|known| known == extension);
    BY_EXTENSION.iter().find(|(_, list)| listed(list)).map(|(risk, _)| *risk)
}
