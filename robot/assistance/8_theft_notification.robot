*** Settings ***
Documentation       The alarm tells the owner, Assistance follows the car, and the key ends both.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Theft Notification (TN)".
Library             ConnectHil


*** Test Cases ***
The Alarm Tells The Owner Twice
    [Documentation]    A message to the number that the delivery centre has, then a push in the app.
    [Tags]    B-32    procedure:theft-notification
    Given The Car Is Locked And Its Alarm Is Armed
    When A Thief Breaks In
    Then The Owner Gets A Message And After It A Push

A Stolen Car Is Tracked
    [Documentation]    The owner does not know where the car is, somebody drives it who may not, the police follow.
    [Tags]    B-33    procedure:theft-tracking
    Given The Car Is Locked And Its Alarm Is Armed
    And A Thief Breaks In
    And The Thief Drives Off
    When The Owner Asks Assistance Through The App Where The Car Is
    And Assistance Finds That An Unauthorised Person Uses It
    Then Positions Of The Car Arrive At The Agreed Rate
    And The Police Are Told Where It Is

The Key Ends The Service
    [Documentation]    Between message and push: the push never comes.
    [Tags]    B-34    procedure:theft-key
    Given The Car Is Locked And Its Alarm Is Armed
    When A Thief Breaks In
    And The Owner Gets The Message
    And The Owner Switches The Alarm Off With The Key
    Then No Push Comes

The Key Ends Tracking
    [Documentation]    Whoever has the key has the car: Assistance follows it no longer.
    [Tags]    B-34    procedure:theft-key-tracking
    Given The Car Is Locked And Its Alarm Is Armed
    And A Thief Breaks In
    And The Owner Asks Assistance Through The App Where The Car Is
    And Assistance Finds That An Unauthorised Person Uses It
    And Positions Of The Car Arrive At The Agreed Rate
    When The Owner Switches The Alarm Off With The Key
    Then No Further Position Arrives
