// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/forms/secretedit.h"

#include "core/base/runtask.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr qint64 kMostBytes = qint64(1024) * 1024; // far above any key file

Result<QString> readSecretFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kMostBytes) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "The file %1 cannot be read as a secret."), path) };
    }
    return QString::fromUtf8(file.readAll());
}

} // namespace

SecretEdit::SecretEdit(QWidget* parent)
    : QWidget(parent)
    , m_state(new TextLabel({}, this))
    , m_line(new QLineEdit(this))
    , m_reveal(new QToolButton(this))
    , m_file(new QPushButton(tr("From file…"), this))
    , m_replace(new QPushButton(tr("Replace…"), this))
    , m_remove(new QPushButton(tr("Remove"), this))
    , m_keep(new QPushButton(tr("Keep stored"), this))
{
    m_line->setObjectName(u"secretLine"_s);
    m_replace->setObjectName(u"secretReplace"_s);
    m_remove->setObjectName(u"secretRemove"_s);
    m_keep->setObjectName(u"secretKeep"_s);
    m_line->setEchoMode(QLineEdit::Password);
    m_line->installEventFilter(this);
    m_reveal->setCheckable(true);
    m_reveal->setIcon(theme::icon(u"show"_s));
    m_reveal->setAutoRaise(true);
    m_reveal->setFocusPolicy(Qt::TabFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(m_state, 1);
    layout->addWidget(m_line, 1);
    for (QWidget* part : { static_cast<QWidget*>(m_reveal), static_cast<QWidget*>(m_file),
             static_cast<QWidget*>(m_replace), static_cast<QWidget*>(m_remove),
             static_cast<QWidget*>(m_keep) }) {
        layout->addWidget(part);
    }
    connect(m_line, &QLineEdit::textEdited, this, [this] {
        m_manyLines.clear();
        emit edited();
    });
    connect(m_reveal, &QToolButton::toggled, this, [this](bool isShown) {
        m_line->setEchoMode(isShown ? QLineEdit::Normal : QLineEdit::Password);
        m_reveal->setIcon(theme::icon(isShown ? u"hide"_s : u"show"_s));
    });
    connect(m_file, &QPushButton::clicked, this, &SecretEdit::chooseFile);
    connect(m_replace, &QPushButton::clicked, this, [this] {
        setReplacing(true);
        m_line->setFocus();
    });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        m_removing = true;
        refresh();
        m_keep->setFocus();
        emit edited();
    });
    connect(m_keep, &QPushButton::clicked, this, [this] {
        forget();
        m_replace->setFocus();
        emit edited();
    });
    setFieldName({});
    refresh();
}

void SecretEdit::setStored(bool stored)
{
    m_stored = stored;
    forget();
}

QString SecretEdit::typed() const
{
    return m_manyLines.isEmpty() ? m_line->text() : m_manyLines;
}

void SecretEdit::forget()
{
    m_removing = false;
    m_manyLines.fill(QChar(0));
    m_manyLines.clear();
    m_line->clear();
    m_line->setReadOnly(false);
    m_reveal->setChecked(false);
    setReplacing(false);
}

void SecretEdit::setFieldName(const QString& name)
{
    m_line->setAccessibleName(name.isEmpty() ? tr("Secret") : name);
    m_reveal->setAccessibleName(tr("Show what was typed for %1").arg(name));
    m_reveal->setToolTip(tr("Show what was typed"));
    m_file->setAccessibleName(tr("Read %1 from a file").arg(name));
    m_replace->setAccessibleName(tr("Replace %1").arg(name));
    m_remove->setAccessibleName(tr("Remove %1").arg(name));
    m_keep->setAccessibleName(tr("Keep the stored %1").arg(name));
}

QWidget* SecretEdit::input() const
{
    if (m_removing) {
        return m_keep;
    }
    return m_stored && !m_replacing ? static_cast<QWidget*>(m_replace) : m_line;
}

bool SecretEdit::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut) {
        emit left();
    }
    if (event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Paste)) {
        const QString text = QGuiApplication::clipboard()->text();
        if (text.trimmed().contains(u'\n')) {
            setManyLines(text);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void SecretEdit::refresh()
{
    const bool typing = !m_removing && (!m_stored || m_replacing);
    m_state->setVisible(!typing);
    m_state->setText(m_removing ? tr("Will be removed on saving") : tr("●●●●●●●●  stored"));
    m_state->setRole(m_removing ? theme::Role::Removed : theme::Role::Success);
    m_line->setVisible(typing);
    m_reveal->setVisible(typing);
    m_file->setVisible(typing);
    m_replace->setVisible(!typing && !m_removing);
    m_remove->setVisible(!typing && !m_removing);
    m_keep->setVisible(m_removing || (m_stored && m_replacing));
    setFocusProxy(input());
}

void SecretEdit::setReplacing(bool replacing)
{
    m_replacing = replacing;
    refresh();
}

void SecretEdit::setManyLines(const QString& text)
{
    m_manyLines = text;
    const auto lines = static_cast<int>(text.trimmed().count(u'\n')) + 1;
    m_reveal->setChecked(true); // shows the count, not the text
    m_line->setText(tr("%n line(s)", nullptr, lines));
    m_line->setReadOnly(true);
    emit edited();
}

void SecretEdit::chooseFile()
{
    auto* dialog = new QFileDialog(this, tr("Read secret from file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        runTask(*QThreadPool::globalInstance(), [path] {
            return readSecretFile(path);
        }).then(this, [this](const Result<QString>& text) {
            if (text) {
                setManyLines(*text);
            } else {
                m_line->setPlaceholderText(text.error().what.translated());
            }
        });
    });
    dialog->open();
}

} // namespace portreeve
