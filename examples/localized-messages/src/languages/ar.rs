//! Arabic, which is written from right to left.

use crate::text::{Language, Text};

pub(super) const TEXTS: Language = Language {
    locale: "ar",
    direction: "rtl",
    greeting: "مرحبًا {name}،",
    nameless_greeting: "مرحبًا،",
    closing: "إذا لم تطلب هذه الرسالة من {product} فتجاهلها.",
    sign_up: Text {
        subject: "تأكيد حسابك في {product}",
        email: "رمز التأكيد الخاص بك هو {####}",
        sms: "{product}: رمز التأكيد هو {####}",
    },
    sign_up_link: "بقيت خطوة واحدة: {##تأكيد الحساب##}",
    invitation: Text {
        subject: "دعوتك إلى {product}",
        email: "اسم المستخدم: {username}، كلمة المرور المؤقتة: {####}",
        sms: "{product}: اسم المستخدم {username}، كلمة المرور المؤقتة {####}",
    },
    new_password: Text {
        subject: "كلمة مرور جديدة في {product}",
        email: "رمز تعيين كلمة مرور جديدة هو {####}",
        sms: "{product}: رمز تعيين كلمة مرور جديدة هو {####}",
    },
    details: Text {
        subject: "تأكيد بياناتك في {product}",
        email: "رمز التأكيد هو {####}",
        sms: "{product}: رمز تأكيد بياناتك هو {####}",
    },
    sign_in: Text {
        subject: "رمز الدخول إلى {product}",
        email: "رمز تسجيل الدخول هو {####}. لا تعطه لأحد.",
        sms: "{product}: رمز تسجيل الدخول هو {####}. لا تعطه لأحد.",
    },
};
