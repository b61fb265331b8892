//! Portuguese of Brazil.

use crate::text::{Language, Text};

pub(super) const TEXTS: Language = Language {
    locale: "pt-BR",
    direction: "ltr",
    greeting: "Olá, {name}!",
    nameless_greeting: "Olá!",
    closing: "Se você não pediu esta mensagem ao {product}, ignore-a.",
    sign_up: Text {
        subject: "Confirme sua conta no {product}",
        email: "Seu código para o {product} é {####}.",
        sms: "{product}: seu código é {####}.",
    },
    sign_up_link: "Falta só um passo: {##confirmar a conta##}.",
    invitation: Text {
        subject: "Seu convite para o {product}",
        email: "Seu nome de usuário é {username}, e sua senha temporária é {####}",
        sms: "{product}: usuário {username}, senha temporária {####}",
    },
    new_password: Text {
        subject: "Uma nova senha para o {product}",
        email: "Seu código para uma nova senha é {####}.",
        sms: "{product}: seu código para uma nova senha é {####}.",
    },
    details: Text {
        subject: "Confirme seus dados no {product}",
        email: "Seu código é {####}.",
        sms: "{product}: confirme seus dados com {####}.",
    },
    sign_in: Text {
        subject: "Seu código para o {product}",
        email: "Seu código para entrar é {####}. Não o informe a ninguém.",
        sms: "{product}: seu código para entrar é {####}. Não o informe a ninguém.",
    },
};
