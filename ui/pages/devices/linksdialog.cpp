// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/devices/linksdialog.h"

#include "core/base/clock.h"
#include "core/base/runtask.h"
#include "core/devices/linktexts.h"
#include "ui/theme/theme.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/qrview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

LinksDialog::LinksDialog(
    const devices::IssuedLinks& issued, const Clock& clock, QThreadPool& workers, QWidget* parent)
    : InReadingOrder(parent)
    , m_issued(issued)
    , m_clock(clock)
    , m_workers(workers)
    , m_message(new MessageBar(this))
    , m_people(new QListWidget(this))
    , m_url(new QPlainTextEdit(this))
    , m_note(makeMutedLabel({}, this))
    , m_code(new QrView(this))
    , m_copyAll(new QPushButton(tr("Copy &all"), this))
    , m_mail(new QPushButton(tr("Compose &mail"), this))
{
    setObjectName(u"linksDialog"_s);
    setWindowTitle(heading());
    setAttribute(Qt::WA_DeleteOnClose);
    m_people->setObjectName(u"linkPeople"_s);
    m_people->setAccessibleName(tr("Whose link"));
    for (const auto& link : m_issued.links) {
        m_people->addItem(nameOf(link));
    }
    m_people->setTextElideMode(Qt::ElideMiddle);
    m_people->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_people->setVisible(m_issued.links.size() > 1);
    m_url->setObjectName(u"linkText"_s);
    m_url->setAccessibleName(tr("Link"));
    m_url->setReadOnly(true);
    m_url->setTabChangesFocus(true);
    m_url->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_url->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_url->setWordWrapMode(QTextOption::WrapAnywhere);
    m_url->setMinimumWidth(fontMetrics().averageCharWidth() * 70);
    m_code->hide();
    auto* columns = new QHBoxLayout;
    columns->addWidget(m_people);
    columns->addWidget(m_url, 1);
    columns->addWidget(m_code);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(makeHeading(heading(), this));
    layout->addWidget(m_message);
    layout->addLayout(columns, 1);
    layout->addWidget(m_note);
    layout->addWidget(buildButtons());
    QStringList warnings;
    for (const Message& warning : m_issued.warnings) {
        warnings << warning.translated();
    }
    if (!warnings.isEmpty()) {
        m_message->showMessage(MessageBar::Kind::Warning, warnings.join(u' '));
    }
    connect(m_people, &QListWidget::currentRowChanged, this, &LinksDialog::showCurrent);
    m_tick.setInterval(std::chrono::seconds(1));
    connect(&m_tick, &QTimer::timeout, this, &LinksDialog::refreshNote);
    m_tick.start();
    m_people->setCurrentRow(0);
    showCurrent();
}

QWidget* LinksDialog::buildButtons()
{
    auto* box = new QDialogButtonBox(this);
    auto* copyOne = new QPushButton(theme::icon(u"copy"_s), tr("&Copy"), box);
    auto* code = new QPushButton(tr("Show &QR"), box);
    auto* save = new QPushButton(tr("&Save as…"), box);
    copyOne->setObjectName(u"copyLink"_s);
    code->setObjectName(u"showCode"_s);
    code->setCheckable(true);
    save->setObjectName(u"saveLinks"_s);
    m_mail->setObjectName(u"mailLink"_s);
    m_copyAll->setObjectName(u"copyAll"_s);
    const bool isOne = m_issued.links.size() == 1;
    m_copyAll->setVisible(!isOne);
    for (auto* button : { copyOne, m_copyAll, code, m_mail, save }) {
        if (button != m_copyAll || !isOne) { // the box shows what is hidden in it
            box->addButton(button, QDialogButtonBox::ActionRole);
        }
    }
    box->addButton(QDialogButtonBox::Close);
    copyOne->setDefault(true);
    connect(copyOne, &QPushButton::clicked, this, [this] {
        takeCurrent();
        copy(current().url, tr("The link for %1 is copied.").arg(nameOf(current())));
    });
    connect(m_copyAll, &QPushButton::clicked, this, [this] {
        takeAll();
        copy(QString::fromUtf8(devices::linksCsv(m_issued.links)), tr("All links are copied."));
    });
    connect(code, &QPushButton::toggled, this, [this](bool isShown) {
        m_code->setVisible(isShown);
        showCurrent();
        adjustSize();
    });
    connect(m_mail, &QPushButton::clicked, this, [this] {
        takeCurrent();
        QDesktopServices::openUrl(QUrl(devices::mailDraft(current())));
    });
    connect(save, &QPushButton::clicked, this, &LinksDialog::saveAs);
    connect(box, &QDialogButtonBox::rejected, this, &LinksDialog::reject);
    return box;
}

/// With the address where another of the people has the same name: a link is for one of them only.
QString LinksDialog::nameOf(const devices::IssuedLink& issued) const
{
    const DeviceLink& link = issued.link;
    if (link.userName.isEmpty()) {
        return link.userId;
    }
    const auto isOther = [&link](const devices::IssuedLink& other) {
        return other.link.userName == link.userName && other.link.userId != link.userId;
    };
    const QString address = issued.email.isEmpty() ? link.userId : issued.email;
    return std::ranges::any_of(m_issued.links, isOther) ? tr("%1 (%2)").arg(link.userName, address)
                                                        : link.userName;
}

QString LinksDialog::heading() const
{
    if (m_issued.links.size() == 1) {
        return tr("Link for %1").arg(nameOf(m_issued.links.front()));
    }
    return tr("%n links created", nullptr, static_cast<int>(m_issued.links.size()));
}

std::size_t LinksDialog::currentRow() const
{
    return static_cast<std::size_t>(std::max(0, m_people->currentRow()));
}

const devices::IssuedLink& LinksDialog::current() const
{
    return m_issued.links[currentRow()];
}

void LinksDialog::showCurrent()
{
    m_url->setPlainText(current().url);
    m_code->setText(current().url);
    if (!m_code->isHidden()) {
        takeCurrent(); // somebody may scan it
    }
    refreshNote();
}

void LinksDialog::refreshNote()
{
    const auto& link = current().link;
    const auto& end = current().expiresAt;
    const auto left = end.value_or(UtcTime()) - m_clock.nowUtc();
    const QString name = nameOf(current());
    QStringList parts;
    if (!end) {
        parts << tr("Works once, only for %1. The console does not say how long.").arg(name);
    } else if (left.count() > 0) {
        // Seconds only while they matter: a long text that changes every second cannot be read.
        const auto shown = left > std::chrono::hours(1)
            ? std::chrono::milliseconds(std::chrono::floor<std::chrono::minutes>(left))
            : std::chrono::milliseconds(std::chrono::floor<std::chrono::seconds>(left));
        parts << tr("Works once, only for %1, until %2 (%3 left).")
                     .arg(name, exactTime(*end), durationText(shown));
    } else {
        parts << tr("The link for %1 is over.").arg(name);
    }
    if (link.approved) {
        parts << tr("The device is approved as soon as it is enrolled.");
    }
    if (!current().knownToProxy) {
        parts << tr("%1 may not have signed in at the proxy yet, which does not hinder the link.")
                     .arg(name);
    }
    m_note->setText(parts.join(u' '));
}

void LinksDialog::takeCurrent()
{
    m_taken.insert(currentRow());
}

void LinksDialog::takeAll()
{
    for (std::size_t row = 0; row < m_issued.links.size(); ++row) {
        m_taken.insert(row);
    }
}

int LinksDialog::leftCount() const
{
    return static_cast<int>(m_issued.links.size() - m_taken.size());
}

void LinksDialog::copy(const QString& text, const QString& done)
{
    auto* content = new QMimeData;
    content->setText(text);
    // Clipboard managers of KDE and others leave out of their history what carries this hint.
    content->setData(u"x-kde-passwordManagerHint"_s, QByteArrayLiteral("secret"));
    QGuiApplication::clipboard()->setMimeData(content);
    m_message->showMessage(MessageBar::Kind::Success, done);
}

void LinksDialog::saveAs()
{
    auto* dialog = new QFileDialog(this, tr("Save links"), {}, tr("CSV (*.csv)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"csv"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        runTask(m_workers, [file, links = m_issued.links] {
            return devices::saveLinks(file, links);
        }).then(this, [this, file](const Result<void>& saved) {
            if (!saved) {
                m_message->showError(saved.error());
                return;
            }
            takeAll();
            m_message->showMessage(
                MessageBar::Kind::Success, tr("Saved to %1, readable by you only.").arg(file));
        });
    });
    dialog->open();
}

void LinksDialog::reject()
{
    const int left = leftCount();
    if (left == 0) {
        InReadingOrder::reject();
        return;
    }
    ConfirmDialog::confirm(this,
        { .title = tr("Close"),
            .text = m_taken.empty()
                ? tr("Close without having copied, saved or mailed anything?")
                : tr("Close with %n link(s) not yet copied, saved or mailed?", nullptr, left),
            .details = m_issued.areStored
                ? tr("As long as a link is valid, it can be copied again from the list.")
                : tr("A link that Enterprise's console made cannot be shown again."),
            .verb = tr("&Close") },
        [this] { InReadingOrder::reject(); });
}

} // namespace portreeve
