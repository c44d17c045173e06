// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/filesecretstore.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLockFile>
#include <QSaveFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr int kVersion = 1;
constexpr qint64 kMostBytes = 64LL * 1024 * 1024;

Error fileError(Message what, Message remedy, QString detail = {})
{
    return { .code = ErrorCode::SecretStore,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .detail = std::move(detail) };
}

Error unreadable(const QString& path, const QString& reason)
{
    return fileError(
        message(QT_TRANSLATE_NOOP("Message", "The file of secrets %1 cannot be read."), path),
        message(QT_TRANSLATE_NOOP(
            "Message", "Check that it is a plain file and that you may read it and its folder.")),
        reason);
}

Error malformed(const QString& path)
{
    return fileError(
        message(QT_TRANSLATE_NOOP("Message", "The file %1 does not hold secrets of this program."),
            path),
        message(QT_TRANSLATE_NOOP(
            "Message", "Name another file, or move this one away and enter the secrets again.")));
}

Error unwritable(const QString& path, const QString& reason)
{
    return fileError(
        message(QT_TRANSLATE_NOOP("Message", "The file of secrets %1 cannot be written."), path),
        message(QT_TRANSLATE_NOOP("Message",
            "Check that its folder exists, that you may write there and that the disk is not "
            "full.")),
        reason);
}

std::optional<Error> ownershipProblem(const QString& path, int descriptor)
{
    struct stat status {};
    if (fstat(descriptor, &status) != 0) {
        return unreadable(path, qt_error_string(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return unreadable(path, u"not a plain file"_s);
    }
    if (status.st_uid != geteuid()) {
        return fileError(
            message(QT_TRANSLATE_NOOP("Message", "The file of secrets %1 belongs to another user."),
                path),
            message(QT_TRANSLATE_NOOP("Message",
                "Name a file of your own: its owner could read or change your secrets.")));
    }
    constexpr mode_t others = S_IRWXG | S_IRWXO;
    if ((status.st_mode & others) != 0) {
        return fileError(message(QT_TRANSLATE_NOOP("Message",
                                     "Other users may read or change the secrets in %1."),
                             path),
            message(QT_TRANSLATE_NOOP("Message",
                        "Run chmod 600 %1, and replace the secrets in it at their providers if "
                        "others use this computer."),
                path));
    }
    return std::nullopt;
}
} // namespace

FileSecretStore::FileSecretStore(QString path)
    : m_path(std::move(path))
{
}

QString FileSecretStore::displayName() const
{
    return u"File "_s + QFileInfo(m_path).fileName();
}

Result<QJsonObject> FileSecretStore::load() const
{
    // Checked on the open descriptor: the name may point elsewhere a moment later.
    const int descriptor = open(QFile::encodeName(m_path).constData(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT ? Result<QJsonObject>(QJsonObject())
                               : Result<QJsonObject>(unreadable(m_path, qt_error_string(errno)));
    }
    QFile file;
    file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle);
    if (auto wrong = ownershipProblem(m_path, descriptor)) {
        return std::move(*wrong);
    }
    if (file.size() > kMostBytes) {
        return malformed(m_path);
    }
    const auto document = QJsonDocument::fromJson(file.readAll());
    const auto root = document.object();
    if (root.value("version"_L1).toInt() != kVersion || !root.value("secrets"_L1).isObject()) {
        return malformed(m_path);
    }
    return root.value("secrets"_L1).toObject();
}

Result<void> FileSecretStore::save(const QJsonObject& secrets) const
{
    QSaveFile file(m_path);
    file.setDirectWriteFallback(false);
    if (!file.open(QIODevice::WriteOnly)) {
        return unwritable(m_path, file.errorString());
    }
    // Before the first byte: the file is made with the usual, wider permissions.
    if (!file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
        return unwritable(m_path, file.errorString());
    }
    const QJsonObject root { { u"version"_s, kVersion }, { u"secrets"_s, secrets } };
    file.write(QJsonDocument(root).toJson());
    if (!file.commit()) {
        return unwritable(m_path, file.errorString());
    }
    return {};
}

Result<void> FileSecretStore::change(const Change& change)
{
    constexpr int lockTimeoutMs = 5000;
    QLockFile lock(m_path + u".lock"_s);
    if (!lock.tryLock(lockTimeoutMs)) {
        if (lock.error() == QLockFile::PermissionError || lock.error() == QLockFile::UnknownError) {
            return unwritable(m_path, u"no lock file beside it"_s);
        }
        return fileError(message(QT_TRANSLATE_NOOP("Message",
                                     "The file of secrets %1 is being changed by another program."),
                             m_path),
            message(QT_TRANSLATE_NOOP("Message", "Wait until it has finished, then try again.")));
    }
    auto secrets = load();
    if (!secrets) {
        return secrets.error();
    }
    if (!change(*secrets)) {
        return {};
    }
    return save(*secrets);
}

Result<std::optional<QString>> FileSecretStore::read(const SecretName& name)
{
    const auto secrets = load();
    if (!secrets) {
        return secrets.error();
    }
    const auto value = secrets->value(secretAccount(name));
    return value.isString() ? std::optional(value.toString()) : std::optional<QString>();
}

Result<void> FileSecretStore::write(const SecretName& name, const QString& value)
{
    return change([&](QJsonObject& secrets) {
        secrets.insert(secretAccount(name), value);
        return true;
    });
}

Result<void> FileSecretStore::remove(const SecretName& name)
{
    return change([&](QJsonObject& secrets) {
        const bool found = secrets.contains(secretAccount(name));
        secrets.remove(secretAccount(name));
        return found;
    });
}

Result<void> FileSecretStore::probe()
{
    const SecretName name { .connectionId = u"probe"_s, .field = u"probe"_s };
    if (auto written = write(name, u"probe"_s); !written) {
        return written;
    }
    return remove(name);
}

} // namespace portreeve
