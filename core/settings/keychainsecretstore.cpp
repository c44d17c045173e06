// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/keychainsecretstore.h"

#include "core/base/logging.h"

#include <QEventLoop>
#include <QThread>
#include <qt6keychain/keychain.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

struct KeychainSecretStore::Job
{
    enum class Kind { Read, Write, Remove };
    Kind kind = Kind::Read;
    QString account {};
    QString value {};
};

struct KeychainSecretStore::Answer
{
    bool isTimedOut = false;
    QKeychain::Error error = QKeychain::NoError;
    QString text {};
    QString value {};
};

namespace {
constexpr auto kService = "io.github.portreeve.Portreeve.directory"_L1;

/// QtKeychain runs the jobs of a process one after the other through one object, which lives on the
/// thread of the first job and needs its event loop for ever. So that thread is ours and outlives
/// every store; there is no way to hand the object over. It is not a QThread, whose end cannot be
/// awaited: wait() returns while the system is still tearing the thread down.
class JobThread
{
public:
    JobThread()
    {
        auto running = std::make_shared<std::promise<QEventLoop*>>();
        m_thread = std::thread([running] {
            QEventLoop loop;
            QMetaObject::invokeMethod(
                &loop, [&] { running->set_value(&loop); }, Qt::QueuedConnection);
            loop.exec();
        });
        m_loop = running->get_future().get();
    }

    ~JobThread()
    {
        m_loop->exit(); // nothing posted arrives any more: the application has gone before us
        m_thread.join();
    }

    JobThread(const JobThread&) = delete;
    JobThread& operator=(const JobThread&) = delete;

    QObject* context() { return m_loop; }

private:
    QEventLoop* m_loop = nullptr; ///< lives on the thread, as long as it runs
    std::thread m_thread;
};

QObject* jobContext()
{
    static JobThread thread;
    return thread.context();
}

/// Shared with the job, which may answer after nobody waits any more.
struct Mailbox
{
    std::mutex mutex;
    std::condition_variable filled;
    bool isFilled = false;
    QKeychain::Error error = QKeychain::NoError;
    QString text;
    QString value;
};

bool isUnavailable(QKeychain::Error error)
{
    return error == QKeychain::OtherError || error == QKeychain::NoBackendAvailable
        || error == QKeychain::NotImplemented;
}

Error keychainError(Message what, Message remedy, QKeychain::Error error, const QString& text)
{
    return { .code = ErrorCode::SecretStore,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .detail = u"keychain error "_s + QString::number(error) + u": "_s + text };
}

Error errorOf(QKeychain::Error error, const QString& text)
{
    if (isUnavailable(error)) {
        return keychainError(message(QT_TRANSLATE_NOOP("Message", "No system keychain answers.")),
            message(QT_TRANSLATE_NOOP("Message",
                "Start a keychain service in this desktop session (GNOME Keyring, KWallet), or "
                "choose another place for secrets: a file only you can read, environment "
                "variables, or memory until you quit.")),
            error, text);
    }
    if (text.contains(u"locked"_s)) {
        return keychainError(
            message(QT_TRANSLATE_NOOP("Message", "The system keychain is locked.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Unlock it with your desktop's password application, then try again.")),
            error, text);
    }
    if (error == QKeychain::AccessDenied || error == QKeychain::AccessDeniedByUser) {
        return keychainError(
            message(QT_TRANSLATE_NOOP("Message", "The system keychain refused the access.")),
            message(QT_TRANSLATE_NOOP("Message",
                "Allow this program to use the keychain when the desktop asks, then try again.")),
            error, text);
    }
    return keychainError(
        message(QT_TRANSLATE_NOOP("Message", "The system keychain could not do what was asked.")),
        message(QT_TRANSLATE_NOOP("Message",
            "Look at the entry with your desktop's password application, then try again.")),
        error, text);
}

Error timeoutError()
{
    return keychainError(
        message(QT_TRANSLATE_NOOP("Message", "The system keychain has not answered for long.")),
        message(QT_TRANSLATE_NOOP("Message",
            "Answer the desktop's question about the keychain if one is open, then try again.")),
        QKeychain::OtherError, u"no answer in time"_s);
}
} // namespace

KeychainSecretStore::Answer KeychainSecretStore::ask(const Job& job)
{
    constexpr auto mostWait = 2min;
    constexpr auto lateStart = 2s; // of a desktop's keychain after sign-in
    const bool mayRetry = !m_hasAnswered.exchange(true);
    auto mailbox = std::make_shared<Mailbox>();
    const auto start = [job, mailbox] {
        QKeychain::Job* task = nullptr;
        if (job.kind == Job::Kind::Read) {
            task = new QKeychain::ReadPasswordJob(kService);
        } else if (job.kind == Job::Kind::Write) {
            auto* write = new QKeychain::WritePasswordJob(kService);
            write->setTextData(job.value);
            task = write;
        } else {
            task = new QKeychain::DeletePasswordJob(kService);
        }
        task->setInsecureFallback(false);
        task->setKey(job.account);
        QObject::connect(task, &QKeychain::Job::finished, task, [mailbox](QKeychain::Job* done) {
            const std::lock_guard lock(mailbox->mutex);
            mailbox->error = done->error();
            mailbox->text = done->errorString();
            if (const auto* read = qobject_cast<QKeychain::ReadPasswordJob*>(done)) {
                mailbox->value = read->textData();
            }
            mailbox->isFilled = true;
            mailbox->filled.notify_all();
        });
        task->start();
    };
    for (int attempt = 0;; ++attempt) {
        QMetaObject::invokeMethod(jobContext(), start, Qt::QueuedConnection);
        std::unique_lock lock(mailbox->mutex);
        if (!mailbox->filled.wait_for(lock, mostWait, [&] { return mailbox->isFilled; })) {
            return { .isTimedOut = true };
        }
        if (attempt > 0 || !mayRetry || !isUnavailable(mailbox->error)) {
            return { .error = mailbox->error, .text = mailbox->text, .value = mailbox->value };
        }
        qCInfo(lcSettings, "the keychain does not answer yet; asking once more");
        mailbox->isFilled = false;
        lock.unlock();
        QThread::sleep(lateStart.count());
    }
}

QString KeychainSecretStore::displayName() const
{
    return u"System keychain"_s;
}

Result<std::optional<QString>> KeychainSecretStore::read(const SecretName& name)
{
    const auto answer = ask({ .kind = Job::Kind::Read, .account = secretAccount(name) });
    if (answer.isTimedOut) {
        return timeoutError();
    }
    if (answer.error == QKeychain::EntryNotFound) {
        if (const auto usable = probe(); !usable) {
            return usable.error();
        }
        return std::optional<QString>();
    }
    if (answer.error != QKeychain::NoError) {
        return errorOf(answer.error, answer.text);
    }
    return std::optional(answer.value);
}

Result<void> KeychainSecretStore::write(const SecretName& name, const QString& value)
{
    const auto answer
        = ask({ .kind = Job::Kind::Write, .account = secretAccount(name), .value = value });
    if (answer.isTimedOut) {
        return timeoutError();
    }
    if (answer.error != QKeychain::NoError) {
        return errorOf(answer.error, answer.text);
    }
    return {};
}

Result<void> KeychainSecretStore::remove(const SecretName& name)
{
    const auto answer = ask({ .kind = Job::Kind::Remove, .account = secretAccount(name) });
    if (answer.isTimedOut) {
        return timeoutError();
    }
    if (answer.error != QKeychain::NoError && answer.error != QKeychain::EntryNotFound) {
        return errorOf(answer.error, answer.text);
    }
    return probe();
}

// With a locked keyring, or none, GNOME Keyring 42 finds nothing to read and succeeds in removing
// nothing, just as with an open one that does not hold the entry. Only a write shows which it is.
Result<void> KeychainSecretStore::probe()
{
    const SecretName name { .connectionId = u"probe"_s, .field = u"probe"_s };
    if (auto written = write(name, u"probe"_s); !written) {
        return written;
    }
    const auto removed = ask({ .kind = Job::Kind::Remove, .account = secretAccount(name) });
    if (removed.isTimedOut) {
        return timeoutError();
    }
    // Another thread's probe may have removed it first.
    if (removed.error != QKeychain::NoError && removed.error != QKeychain::EntryNotFound) {
        return errorOf(removed.error, removed.text);
    }
    return {};
}

} // namespace portreeve
