// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/settings/settingspage.h"

#include "core/proxy/delivery/deliveryservice.h"
#include "ui/models/secretwatch.h"
#include "ui/models/settingswatch.h"
#include "ui/theme/theme.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/textlabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace portreeve {

SettingsPage::SettingsPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_message(new MessageBar(this))
    , m_scroll(new QScrollArea(this))
{
    auto* content = new QWidget(this);
    content->setMaximumWidth(theme::formWidth());
    auto* cards = new QVBoxLayout(content);
    cards->setContentsMargins(
        theme::spacing(5), theme::spacing(4), theme::spacing(5), theme::spacing(5));
    cards->setSpacing(theme::spacing(4));
    cards->addWidget(makeTitle(tr("Settings"), content));
    m_secrets = makeSecrets();
    m_backup = makeBackup();
    for (auto* card : { makeAppearance(), makeSyncing(), makeAdministrator(), m_secrets, m_backup,
             makeChecks(), makeAbout() }) {
        cards->addWidget(card);
    }
    cards->addStretch(1);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidget(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_message);
    layout->addWidget(m_scroll, 1);
    connect(&context.settings, &SettingsWatch::loaded, this, &SettingsPage::refreshSettings);
    connect(&context.settings, &SettingsWatch::changed, this, &SettingsPage::refreshSettings);
    connect(&context.secretHealth, &SecretWatch::changed, this, &SettingsPage::refreshSecrets);
    refreshSettings();
    refreshSecrets();
}

void SettingsPage::activate()
{
    refreshSettings();
    refreshSecrets();
}

void SettingsPage::open(const QString& target)
{
    if (target == u"secrets") {
        m_scroll->ensureWidgetVisible(m_secrets);
    } else if (target == u"backup") {
        m_scroll->ensureWidgetVisible(m_backup);
    }
}

Card* SettingsPage::makeAppearance()
{
    auto* card = new Card(tr("Appearance"), this);
    m_scheme = new QComboBox(card);
    m_scheme->setObjectName(u"schemeBox"_s);
    for (const auto& [scheme, text] :
        { std::pair(theme::Scheme::FollowDesktop, tr("Follow the desktop")),
            std::pair(theme::Scheme::Light, tr("Light")),
            std::pair(theme::Scheme::Dark, tr("Dark")) }) {
        m_scheme->addItem(text, theme::schemeName(scheme));
    }
    connect(m_scheme, &QComboBox::activated, this, [this] {
        m_context.settings.set(Setting::ColorScheme, m_scheme->currentData().toString());
    });
    auto* form = new QFormLayout;
    form->addRow(tr("&Colours"), m_scheme);
    card->body()->addLayout(form);
    return card;
}

Card* SettingsPage::makeSyncing()
{
    auto* card = new Card(tr("Syncing"), this);
    m_background = new QCheckBox(tr("Sync by schedule &while Portreeve is open"), card);
    m_background->setObjectName(u"backgroundBox"_s);
    connect(m_background, &QCheckBox::clicked, this, [this](bool isOn) {
        m_context.settings.set(Setting::SyncInBackground, isOn ? u"true"_s : u"false"_s);
        m_context.sync.setPaused(!isOn);
        m_context.deliveries.setPaused(!isOn);
    });
    auto* form = new QFormLayout;
    form->addRow(m_background);
    const std::tuple<Setting, QString, QString> choices[] {
        { Setting::KeepInTray, u"keepInTrayBox"_s,
            tr("Keep running in the &tray when the window is closed") },
        { Setting::NotifyAboutHolds, u"notifyHoldsBox"_s,
            tr("Tell me when re&movals wait for a decision") },
        { Setting::NotifyAboutFailures, u"notifyFailuresBox"_s,
            tr("Tell me when a connection f&ails or recovers") },
    };
    for (const auto& [key, name, text] : choices) {
        auto* box = new QCheckBox(text, card);
        box->setObjectName(name);
        connect(box, &QCheckBox::clicked, this, [this, setting = key](bool isOn) {
            m_context.settings.set(setting, isOn ? u"true"_s : u"false"_s);
        });
        form->addRow(box);
        m_flags.emplace_back(key, box);
    }
    card->body()->addLayout(form);
    return card;
}

Card* SettingsPage::makeAdministrator()
{
    auto* card = new Card(tr("Administrator"), this);
    card->setSubtitle(
        tr("Who works here, as history and audit log name you and the proxy names "
           "who approved a device. Left empty, it is the login name of your account."));
    m_administrator = new QLineEdit(card);
    m_administrator->setObjectName(u"administratorEdit"_s);
    connect(m_administrator, &QLineEdit::editingFinished, this, [this] {
        m_administrator->setModified(false);
        m_context.settings.set(Setting::AdministratorName, m_administrator->text().trimmed());
    });
    auto* form = new QFormLayout;
    form->addRow(tr("&Name"), m_administrator);
    card->body()->addLayout(form);
    return card;
}

Card* SettingsPage::makeSecrets()
{
    auto* card = new Card(tr("Secrets"), this);
    m_secretState = new StatusBadge(card);
    m_secretText = makeTextLabel({}, card);
    m_secretText->setObjectName(u"secretStoreText"_s);
    m_secretError = new ErrorPanel(card);
    auto* check = new QPushButton(tr("Check aga&in"), card);
    m_untilQuit = new QPushButton(tr("Keep secrets only &until I quit"), card);
    m_untilQuit->setObjectName(u"untilQuitButton"_s);
    connect(check, &QPushButton::clicked, this, [this] { m_context.secretHealth.probe(); });
    connect(m_untilQuit, &QPushButton::clicked, this,
        [this] { m_context.secretHealth.keepUntilQuit(); });
    card->addHeaderWidget(m_secretState);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(check);
    buttons->addWidget(m_untilQuit);
    buttons->addStretch(1);
    card->body()->addWidget(m_secretText);
    card->body()->addWidget(m_secretError);
    card->body()->addLayout(buttons);
    return card;
}

Card* SettingsPage::makeBackup()
{
    auto* card = new Card(tr("Data"), this);
    card->setSubtitle(tr("Everything but secrets is in one database in %1. A backup is a copy of "
                         "it; secrets are never in it.")
            .arg(QDir::toNativeSeparators(m_context.dataDirectory)));
    auto* save = new QPushButton(theme::icon(u"export"_s), tr("&Back up…"), card);
    save->setObjectName(u"backupButton"_s);
    auto* restore = new QPushButton(theme::icon(u"import"_s), tr("&Restore…"), card);
    restore->setObjectName(u"restoreButton"_s);
    restore->setEnabled(static_cast<bool>(m_context.restore));
    connect(save, &QPushButton::clicked, this, &SettingsPage::saveBackup);
    connect(restore, &QPushButton::clicked, this, &SettingsPage::chooseRestore);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(save);
    buttons->addWidget(restore);
    buttons->addStretch(1);
    card->body()->addLayout(buttons);
    return card;
}

Card* SettingsPage::makeChecks()
{
    auto* card = new Card(tr("Self-check"), this);
    card->setSubtitle(tr("Reads the whole database and says whether every part of it fits."));
    m_checks = makeTextLabel({}, card);
    m_checks->setObjectName(u"checkResults"_s);
    m_checks->hide();
    m_runChecks = new QPushButton(theme::icon(u"success"_s), tr("Run chec&ks"), card);
    m_runChecks->setObjectName(u"runChecksButton"_s);
    connect(m_runChecks, &QPushButton::clicked, this, &SettingsPage::runChecks);
    card->body()->addWidget(m_checks);
    card->body()->addWidget(m_runChecks, 0, Qt::AlignLeading);
    return card;
}

Card* SettingsPage::makeAbout()
{
    auto* card = new Card(tr("About"), this);
    card->body()->addWidget(
        makeTextLabel(tr("Portreeve %1 with Qt %2. GPL 3.0 or later.")
                          .arg(QStringLiteral(PORTREEVE_VERSION), QString::fromLatin1(qVersion())),
            card));
    return card;
}

void SettingsPage::refreshSettings()
{
    const SettingsWatch& settings = m_context.settings;
    m_scheme->setCurrentIndex(m_scheme->findData(settings.text(Setting::ColorScheme)));
    m_background->setChecked(settings.flag(Setting::SyncInBackground));
    if (!m_administrator->isModified()) {
        m_administrator->setText(settings.text(Setting::AdministratorName));
    }
    for (const auto& [setting, box] : m_flags) {
        box->setChecked(settings.flag(setting));
    }
}

void SettingsPage::refreshSecrets()
{
    const SecretWatch& health = m_context.secretHealth;
    const bool hasFailed = health.state() == SecretWatch::State::Failed;
    switch (health.state()) {
    case SecretWatch::State::Unknown:
    case SecretWatch::State::Probing:
        m_secretState->setStatus(u"state-half"_s, theme::Role::Muted, tr("Checking"));
        break;
    case SecretWatch::State::Ready:
        m_secretState->setStatus(u"state-full"_s, theme::Role::Success, tr("Ready"));
        break;
    case SecretWatch::State::Failed:
        m_secretState->setStatus(u"error"_s, theme::Role::Error, tr("Not available"));
        break;
    }
    m_secretText->setText(health.isKeptUntilQuit()
            ? tr("Passwords and tokens are kept in memory and are gone when you quit.")
            : tr("Passwords and tokens are kept in: %1. They are never written to the database, "
                 "to logs or to exports.")
                  .arg(health.storeName()));
    m_secretError->setError(hasFailed ? health.error() : std::nullopt);
    m_untilQuit->setVisible(hasFailed && health.canKeepUntilQuit());
}

void SettingsPage::saveBackup()
{
    auto* dialog = new QFileDialog(this, tr("Back up"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // an existing file is refused anyway
    dialog->setDefaultSuffix(u"db"_s);
    const QString day = QDate::currentDate().toString(Qt::ISODate);
    dialog->selectFile(u"portreeve-"_s + day + u".db"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_context.store.run([file](Store& store) { return store.backupTo(file); })
            .then(this, [this, file](const Result<void>& done) {
                if (done) {
                    m_message->showMessage(MessageBar::Kind::Success,
                        tr("Backed up to %1.").arg(QDir::toNativeSeparators(file)));
                } else {
                    m_message->showError(done.error());
                }
            });
    });
    dialog->open();
}

void SettingsPage::chooseRestore()
{
    auto* dialog = new QFileDialog(this, tr("Restore a backup"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Backups (*.db);;All files (*)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        const QFileInfo info(file);
        ConfirmDialog::confirm(this,
            { .title = tr("Restore a backup"),
                .text = tr("Replace all data by the backup “%1”?").arg(info.fileName()),
                .details = tr("It was written %1. Portreeve closes and opens again; the data of "
                              "now stays in a file beside it. Secrets are not touched.")
                    .arg(QLocale().toString(info.lastModified(), QLocale::LongFormat)),
                .verb = tr("&Replace all data") },
            [this, file] { m_context.restore(file); });
    });
    dialog->open();
}

void SettingsPage::runChecks()
{
    m_runChecks->setEnabled(false);
    m_checks->show();
    m_checks->setRole(std::nullopt);
    m_checks->setText(tr("Checking…"));
    m_context.store.run([](Store& store) { return store.check(); })
        .then(this, [this](const Result<std::vector<QString>>& faults) {
            m_runChecks->setEnabled(true);
            if (!faults) {
                m_checks->setText(faults.error().what.translated());
                m_checks->setRole(theme::Role::Error);
            } else if (faults->empty()) {
                m_checks->setText(tr("The database is sound."));
                m_checks->setRole(theme::Role::Success);
            } else {
                m_checks->setText(QStringList(faults->begin(), faults->end()).join(u'\n'));
                m_checks->setRole(theme::Role::Error);
            }
        });
}

} // namespace portreeve
