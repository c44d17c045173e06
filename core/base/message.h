// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QStringList>

namespace portreeve {

/// A sentence for a person: untranslated English source plus its arguments.
/// English for logs, files and the command line; translated for the screen.
class Message
{
public:
    Message() = default;

    /// @param source  a string literal marked with QT_TRANSLATE_NOOP("Message", ...), holding %1,
    /// %2 ...
    /// @param arguments  values put in for %1, %2 ...; never secrets
    explicit Message(const char* source, QStringList arguments = {});

    bool isEmpty() const { return m_source == nullptr || *m_source == '\0'; }

    QString english() const;
    QString translated() const;

    /// The same text in both languages, for text that came from a file or from the store.
    static Message verbatim(QString text);

    friend bool operator==(const Message& a, const Message& b)
    {
        return a.english() == b.english();
    }

private:
    QString fill(QString text) const;

    const char* m_source = nullptr;
    QStringList m_arguments;
};

/// Makes a Message: `message(QT_TRANSLATE_NOOP("Message", "No group is called %1."), name)`.
template <typename... Arguments> Message message(const char* source, const Arguments&... arguments)
{
    return Message(source, QStringList { QString(arguments)... });
}

} // namespace portreeve
