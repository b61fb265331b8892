//! Japanese.

use crate::text::{Language, Text};

pub(super) const TEXTS: Language = Language {
    locale: "ja",
    direction: "ltr",
    greeting: "{name} 様",
    nameless_greeting: "お客様",
    closing: "お心当たりのない場合は、{product} からのこのメッセージを無視してください。",
    sign_up: Text {
        subject: "{product} のアカウントの確認",
        email: "{product} の確認コードは {####} です。",
        sms: "{product}: 確認コードは {####} です。",
    },
    sign_up_link: "登録を完了するには {##アカウントを確認##} してください。",
    invitation: Text {
        subject: "{product} への招待",
        email: "ユーザー名: {username}、仮パスワード: {####}",
        sms: "{product}: ユーザー名 {username}、仮パスワード {####}",
    },
    new_password: Text {
        subject: "{product} の新しいパスワード",
        email: "パスワード再設定のコードは {####} です。",
        sms: "{product}: パスワード再設定のコードは {####} です。",
    },
    details: Text {
        subject: "{product} の登録情報の確認",
        email: "確認コードは {####} です。",
        sms: "{product}: 登録情報の確認コードは {####} です。",
    },
    sign_in: Text {
        subject: "{product} のサインインコード",
        email: "サインインのコードは {####} です。誰にも教えないでください。",
        sms: "{product}: サインインのコードは {####} です。誰にも教えないでください。",
    },
};
