// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/devices/newenrollmentdialog.h"

#include "core/base/time.h"
#include "core/devices/linkrules.h"
#include "ui/pages/devices/peoplepicker.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
enum RedirectKind { ConfirmationPage, RouteStart, Custom };
}

NewEnrollmentDialog::NewEnrollmentDialog(
    const AppContext& context, DeviceBoard& board, devices::DeviceKeeper keeper, QWidget* parent)
    : InReadingOrder(parent)
    , m_board(board)
    , m_clock(context.clock)
    , m_isConsole(keeper == devices::DeviceKeeper::Console)
    , m_people(new PeoplePicker(context, this))
    , m_host(new QComboBox(this))
    , m_redirectKind(new QComboBox(this))
    , m_redirect(new QLineEdit(this))
    , m_addScheme(new QPushButton(tr("Put https:// in &front"), this))
    , m_type(new QComboBox(this))
    , m_typeNote(makeMutedLabel({}, this))
    , m_valid(new QComboBox(this))
    , m_ownValid(new QLineEdit(formatDuration(devices::kDefaultValidity), this))
    , m_approve(new QCheckBox(tr("&Approve on enrollment"), this))
    , m_plainHttp(new QCheckBox(tr("Allow an &http address"), this))
    , m_preview(makeTextLabel({}, this))
    , m_create(new QPushButton(tr("&Create"), this))
{
    setObjectName(u"newEnrollmentDialog"_s);
    setWindowTitle(tr("New enrollment"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_host->setObjectName(u"enrollmentHost"_s);
    m_redirectKind->setObjectName(u"redirectKind"_s);
    m_redirect->setObjectName(u"redirectUrl"_s);
    m_redirect->setAccessibleName(tr("Redirect URL"));
    m_addScheme->setObjectName(u"addScheme"_s);
    m_addScheme->setAutoDefault(false);
    m_type->setObjectName(u"deviceType"_s);
    m_valid->setObjectName(u"validFor"_s);
    m_ownValid->setObjectName(u"ownValidity"_s);
    m_ownValid->setAccessibleName(tr("Valid for"));
    m_ownValid->setPlaceholderText(tr("Such as 90m, 12h or 3d"));
    m_approve->setObjectName(u"approveOnEnrollment"_s);
    m_approve->setChecked(true);
    m_approve->setToolTip(
        tr("Policies that ask for an approved device let it in at once; without this, you approve "
           "it on the Devices page"));
    m_plainHttp->setObjectName(u"allowHttp"_s);
    m_preview->setObjectName(u"enrollmentPreview"_s);
    m_create->setObjectName(u"createEnrollment"_s);
    m_create->setAutoDefault(false); // Enter in the search adds a person, it must not create
    fillChoices();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    buttons->addButton(m_create, QDialogButtonBox::ActionRole);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(m_people, 1);
    layout->addWidget(buildForm());
    layout->addWidget(m_preview);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_create, &QPushButton::clicked, this, &NewEnrollmentDialog::create);
    connectParts();
    onRedirectKind();
    onValidFor();
    m_people->searchField()->setFocus();
}

void NewEnrollmentDialog::connectParts()
{
    connect(m_people, &PeoplePicker::changed, this, &NewEnrollmentDialog::refresh);
    connect(m_redirectKind, &QComboBox::currentIndexChanged, this,
        &NewEnrollmentDialog::onRedirectKind);
    for (auto* combo : { m_host, m_type }) {
        connect(combo, &QComboBox::currentTextChanged, this, &NewEnrollmentDialog::refresh);
    }
    connect(m_valid, &QComboBox::currentIndexChanged, this, &NewEnrollmentDialog::onValidFor);
    for (auto* line : { m_redirect, m_ownValid }) {
        connect(line, &QLineEdit::textChanged, this, &NewEnrollmentDialog::refresh);
    }
    connect(m_addScheme, &QPushButton::clicked, this, [this] {
        m_redirect->setText(devices::checkRedirect(m_redirect->text(), m_host->currentText()).url);
        m_redirect->setFocus(); // the button goes
    });
    connect(m_approve, &QCheckBox::toggled, this, &NewEnrollmentDialog::refresh);
    connect(m_plainHttp, &QCheckBox::toggled, this, &NewEnrollmentDialog::refresh);
    connect(&m_board, &DeviceBoard::linksIssued, this, &NewEnrollmentDialog::onIssued);
}

void NewEnrollmentDialog::fillChoices()
{
    m_host->setEditable(true);
    m_host->setInsertPolicy(QComboBox::NoInsert);
    for (const QString& host : m_board.routeHosts()) {
        m_host->addItem(host);
    }
    m_redirectKind->insertItem(ConfirmationPage, tr("Confirmation page"));
    m_redirectKind->insertItem(RouteStart, tr("Start page of the route"));
    m_redirectKind->insertItem(Custom, tr("Another address"));
    for (const auto& type : m_board.types()) {
        m_type->addItem(type.label.translated(), type.id);
    }
    for (const auto choice : devices::validityChoices()) {
        m_valid->addItem(durationText(choice), QVariant::fromValue<qlonglong>(choice.count()));
        if (choice == devices::kDefaultValidity) {
            m_valid->setCurrentIndex(m_valid->count() - 1);
        }
    }
    m_valid->addItem(tr("Another time"));
}

QWidget* NewEnrollmentDialog::buildForm()
{
    auto* form = new QWidget(this);
    auto* redirect = new QHBoxLayout;
    redirect->addWidget(m_redirect, 1);
    redirect->addWidget(m_addScheme);
    auto* rows = new QFormLayout(form);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addRow(tr("&Route:"), m_host);
    rows->addRow(tr("Afterwards &to:"), m_redirectKind);
    rows->addRow({}, redirect);
    rows->addRow({}, m_plainHttp);
    rows->addRow(tr("&Device:"), m_type);
    rows->addRow({}, m_typeNote);
    if (m_isConsole) {
        rows->addRow({},
            makeMutedLabel(tr("Enterprise's console decides how long the link works, and approves "
                              "the device that is enrolled with it. The link is shown once."),
                form));
        for (QWidget* unused : std::initializer_list<QWidget*> { m_valid, m_ownValid, m_approve }) {
            unused->hide();
        }
        return form;
    }
    rows->addRow(tr("&Valid for:"), m_valid);
    rows->addRow({}, m_ownValid);
    rows->addRow({}, m_approve);
    return form;
}

void NewEnrollmentDialog::onRedirectKind()
{
    const bool isCustom = m_redirectKind->currentIndex() == Custom;
    m_redirect->setVisible(isCustom);
    m_redirect->setPlaceholderText(u"https://"_s + m_host->currentText() + u"/welcome"_s);
    refresh();
}

void NewEnrollmentDialog::onValidFor()
{
    m_ownValid->setVisible(!m_isConsole && !m_valid->currentData().isValid());
    refresh();
}

Result<std::chrono::milliseconds> NewEnrollmentDialog::validity() const
{
    const QVariant choice = m_valid->currentData();
    return choice.isValid() ? Result(std::chrono::milliseconds(choice.toLongLong()))
                            : parseDuration(m_ownValid->text());
}

Result<devices::LinkOrder> NewEnrollmentDialog::order() const
{
    const auto valid = validity();
    if (!valid) {
        return valid.error();
    }
    QString redirect;
    switch (m_redirectKind->currentIndex()) {
    case RouteStart:
        redirect = u"https://"_s + m_host->currentText().trimmed() + u'/';
        break;
    case Custom:
        redirect = m_redirect->text().trimmed();
        break;
    default:
        break;
    }
    return devices::LinkOrder { .targetId = m_board.targetId(),
        .users = m_people->people(),
        .host = m_host->currentText().trimmed(),
        .routeHosts = m_board.routeHosts(),
        .deviceType = m_type->currentData().toString(),
        .redirect = redirect,
        .plainHttpConfirmed = m_plainHttp->isChecked(),
        .validity = *valid };
}

void NewEnrollmentDialog::refresh()
{
    const auto* type = devices::findType(m_board.types(), m_type->currentData().toString());
    m_typeNote->setText(type != nullptr ? type->explanation.translated() : QString());
    const auto redirect = m_redirectKind->currentIndex() == Custom
        ? devices::checkRedirect(m_redirect->text(), m_host->currentText()).verdict
        : devices::RedirectVerdict::Accepted;
    m_addScheme->setVisible(redirect == devices::RedirectVerdict::NoScheme);
    m_plainHttp->setVisible(redirect == devices::RedirectVerdict::NeedsConfirmation);
    const auto wanted = order();
    const auto checked = wanted ? devices::checkOrder(*wanted) : wanted.error();
    QStringList lines;
    if (!checked) {
        lines << checked.error().what.translated() << checked.error().remedy.translated();
    } else {
        const auto times = devices::linkTimes(m_clock.nowUtc(), wanted->validity);
        const int count = static_cast<int>(checked->users.size());
        lines << (m_isConsole ? tr("%n link(s) to %1.", nullptr, count).arg(checked->host)
                              : tr("%n link(s) to %1, until %2.", nullptr, count)
                                    .arg(checked->host, exactTime(times.expiresAt)));
        for (const Message& warning : checked->warnings) {
            lines << warning.translated();
        }
    }
    m_preview->setRole(checked ? std::nullopt : std::optional(theme::Role::Muted));
    m_preview->setText(lines.join(u' '));
    m_create->setEnabled(checked && !m_isBusy);
    m_create->setToolTip(checked ? QString() : m_preview->text());
}

void NewEnrollmentDialog::create()
{
    const auto wanted = order();
    if (!wanted) {
        return; // the button was off
    }
    m_isBusy = true;
    refresh();
    m_preview->setText(tr("Asking the proxy…"));
    m_board.createLinks(*wanted, m_approve->isChecked());
}

void NewEnrollmentDialog::onIssued(const Result<devices::IssuedLinks>& issued)
{
    if (!m_isBusy) {
        return;
    }
    m_isBusy = false;
    refresh();
    if (issued) {
        accept(); // the page shows the links
        return;
    }
    m_preview->setRole(theme::Role::Error);
    m_preview->setText(
        issued.error().what.translated() + u' ' + issued.error().remedy.translated());
}

} // namespace portreeve
