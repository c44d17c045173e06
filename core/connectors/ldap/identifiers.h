// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QString>

namespace portreeve::ldap {

/// objectGUID as text: the first three fields are little-endian on the wire. Empty unless 16 bytes.
QString guidText(QByteArrayView guid);

/// objectSid as "S-1-5-21-..."; empty when @p sid is none.
QString sidText(QByteArrayView sid);

/// The SID of another object of the same domain: @p sid with its last number replaced.
QByteArray sidOfSameDomain(const QByteArray& sid, quint32 relativeId);

/// The value of an id attribute as text: the binary ones of Active Directory in their usual form,
/// others as UTF-8. Empty when it is neither.
QString idText(QByteArrayView attribute, const QByteArray& value);

} // namespace portreeve::ldap
