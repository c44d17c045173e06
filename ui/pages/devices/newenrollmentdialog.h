// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/deviceboard.h"
#include "ui/widgets/readingorder.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;

namespace portreeve {

class PeoplePicker;
class TextLabel;

/// "New enrollment": people, route, redirect, type, validity and approval, checked as they are
/// typed; the reason why nothing can be created yet is always shown.
class NewEnrollmentDialog final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    /// @param keeper  a console decides by itself how long a link works, and approves
    NewEnrollmentDialog(const AppContext& context, DeviceBoard& board, devices::DeviceKeeper keeper,
        QWidget* parent);

private:
    void connectParts();
    void fillChoices();
    QWidget* buildForm();
    void refresh();
    Result<std::chrono::milliseconds> validity() const;
    Result<devices::LinkOrder> order() const;
    void onRedirectKind();
    void onValidFor();
    void create();
    void onIssued(const Result<devices::IssuedLinks>& issued);

    DeviceBoard& m_board;
    const Clock& m_clock;
    bool m_isConsole;
    PeoplePicker* m_people;
    QComboBox* m_host;
    QComboBox* m_redirectKind;
    QLineEdit* m_redirect;
    QPushButton* m_addScheme;
    QComboBox* m_type;
    TextLabel* m_typeNote;
    QComboBox* m_valid;
    QLineEdit* m_ownValid;
    QCheckBox* m_approve;
    QCheckBox* m_plainHttp;
    TextLabel* m_preview;
    QPushButton* m_create;
    bool m_isBusy = false;
};

} // namespace portreeve
